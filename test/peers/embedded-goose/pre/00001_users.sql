-- +goose Up
create table users (id bigint primary key, name text);

-- +goose Down
drop table users;
