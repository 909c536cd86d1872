GRANT MAINTAIN ON kinds.staff TO kinds_writer;
GRANT MAINTAIN ON kinds.by_level TO kinds_writer WITH GRANT OPTION;
REVOKE MAINTAIN ON kinds.teams FROM kinds_owner;
ALTER DEFAULT PRIVILEGES IN SCHEMA empty_kinds GRANT MAINTAIN ON TABLES TO kinds_writer;
