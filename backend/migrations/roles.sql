-- Once per PostgreSQL server, as its superuser, before the first `cli db upgrade`. Repeating it changes nothing.
--
-- fallow_owner owns the database and migrates; fallow_app and fallow_worker have no login: every transaction takes one of
-- them. Then make logins NOINHERIT, so that a forgotten scope is refused:
--   CREATE ROLE fallow_web LOGIN NOINHERIT PASSWORD '...' IN ROLE fallow_app;                        -- ./run serve
--   CREATE ROLE fallow_sender LOGIN NOINHERIT PASSWORD '...' IN ROLE fallow_app, fallow_worker;      -- ./run worker
--   ALTER ROLE fallow_owner PASSWORD '...'; CREATE DATABASE fallow OWNER fallow_owner;               -- cli db upgrade
-- Backups need a role with BYPASSRLS: pg_dump as fallow_owner is refused by the forced policies.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fallow_owner') THEN
        CREATE ROLE fallow_owner LOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fallow_app') THEN
        CREATE ROLE fallow_app NOLOGIN NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fallow_worker') THEN
        CREATE ROLE fallow_worker NOLOGIN NOBYPASSRLS;
    END IF;
END $$;
