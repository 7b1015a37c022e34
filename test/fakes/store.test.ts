import { storeContract } from '../adapters/storage/store-contract.ts'
import { memoryStore } from './store.ts'

storeContract('memory', async () => memoryStore())
