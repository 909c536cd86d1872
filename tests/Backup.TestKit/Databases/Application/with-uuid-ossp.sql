CREATE TABLE shop.imports (id uuid DEFAULT extensions.uuid_generate_v4() PRIMARY KEY, source text);
INSERT INTO shop.imports VALUES (md5('import')::uuid, 'feed');
