-- Roles belong to the cluster: another database of the same server may have made them already, perhaps right now.
DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['shop_owner', 'shop_anon', 'shop_authenticated', 'shop_service', 'Shop "Auditor"'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$roles$;

CREATE SCHEMA auth AUTHORIZATION shop_owner;
CREATE SCHEMA extensions;
CREATE SCHEMA shop AUTHORIZATION shop_owner;
CREATE SCHEMA learning AUTHORIZATION shop_owner;
CREATE SCHEMA audit AUTHORIZATION shop_owner;
CREATE SCHEMA "Hard ""Names"", ünï" AUTHORIZATION "Shop ""Auditor""";
CREATE SCHEMA empty_on_purpose;

COMMENT ON SCHEMA shop IS 'Products, customers and orders';
COMMENT ON SCHEMA "Hard ""Names"", ünï" IS E'It''s "quoted", $dollared$, \\backslashed\\,\na second line\t(tab), ☃ and 𝔘';

GRANT USAGE ON SCHEMA extensions TO PUBLIC;
GRANT USAGE ON SCHEMA shop, learning TO shop_anon, shop_authenticated;
GRANT ALL ON SCHEMA shop TO shop_service WITH GRANT OPTION;
GRANT USAGE ON SCHEMA auth TO shop_authenticated;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Whatever the owner makes from here on carries these.
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA shop GRANT SELECT ON TABLES TO shop_anon;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA shop GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shop_service WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA shop GRANT USAGE ON SEQUENCES TO shop_authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT EXECUTE ON FUNCTIONS TO shop_authenticated, shop_service;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT USAGE ON TYPES TO shop_anon;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT USAGE ON SCHEMAS TO shop_service;
