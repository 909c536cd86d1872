CREATE VIEW kinds.of_the_caller WITH (security_invoker = on, security_barrier = false) AS SELECT id FROM kinds.staff;
