-- +goose Up
alter table users drop column name;

-- +goose Down
alter table users add column name text;
