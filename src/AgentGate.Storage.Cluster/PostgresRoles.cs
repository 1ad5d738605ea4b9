using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Storage.Cluster;

/// <summary>The roles servers work under. Neither owns a table; on every table with a tenant row-level security is forced, on its owner too.</summary>
internal static class PostgresRoles
{
    private const string Tenant = PostgresDatabase.TenantRole;
    private const string System = PostgresDatabase.SystemRole;

    /// <summary>How PostgreSQL writes back the tenants' policy; where it writes it otherwise, the policies are only made again.</summary>
    private const string TenantRows = $"(tenant = current_setting(''{PostgresDatabase.TenantSetting}''::text, true))";

    /// <summary>Lets a login work under the two roles: all a server's login needs where another one owns the tables.</summary>
    public static string GrantTo(string login) => $"GRANT {Tenant}, {System} TO \"{login.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// Makes roles, rights and row-level security what they must be, whatever they were. Roles belong to the whole server: another
    /// database's migration may make them at the same moment.
    /// </summary>
    public const string Sql =
        $"""
        DO $do$
        DECLARE
            name text;
            other text;
        BEGIN
            FOREACH name IN ARRAY ARRAY['{Tenant}', '{System}'] LOOP
                BEGIN
                    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
                        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', name);
                    END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL;
                END;
                IF NOT pg_has_role(current_user, name, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', name);
                END IF;
                EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', name);
                EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', name);

                -- Which migrations were applied, and which versions the triggers gave, is read by everybody and written by the owner.
                EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory", change_versions FROM %I', name);
            END LOOP;

            -- What is nobody's is no tenant's to change, and to read only where it must be.
            FOR name IN SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                AND NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = t.table_name AND c.column_name = 'tenant') LOOP
                EXECUTE format('REVOKE ALL ON %I FROM {Tenant}', name);
            END LOOP;
            GRANT SELECT ON policy_sets, change_versions, "__EFMigrationsHistory" TO {Tenant};

            -- PostgreSQL 14 lets everybody make tables here; where the schema is another's, that is for its owner to take back.
            IF pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE') THEN
                REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            END IF;

            -- Only where it is not so yet: each of these locks a table against everybody, and other servers may be at work.
            FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                    AND (SELECT count(*) FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname) = 2
                    AND (SELECT count(*) FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname AND p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL'
                        AND (p.policyname = 'all_rows' AND p.roles = ARRAY['{System}'::name] AND p.qual = 'true' AND p.with_check = 'true'
                            OR p.policyname = 'tenant_rows' AND p.roles = ARRAY['{Tenant}'::name] AND p.qual = '{TenantRows}' AND p.with_check = '{TenantRows}')) = 2)
                ORDER BY c.relname LOOP
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
                EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
                FOR other IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = name LOOP
                    EXECUTE format('DROP POLICY %I ON %I', other, name);
                END LOOP;
                EXECUTE format('CREATE POLICY tenant_rows ON %I TO {Tenant} USING (tenant = current_setting(''{PostgresDatabase.TenantSetting}'', true)) WITH CHECK (tenant = current_setting(''{PostgresDatabase.TenantSetting}'', true))', name);
                EXECUTE format('CREATE POLICY all_rows ON %I TO {System} USING (true) WITH CHECK (true)', name);
            END LOOP;

            -- The log is written by its writer alone, and what is on record never changes.
            REVOKE UPDATE, DELETE ON log_entries, certificates, evidence, knowledge, policy_sets FROM {Tenant}, {System};
            REVOKE DELETE ON log_heads, log_tiles, log_checkpoints FROM {System};
            REVOKE INSERT, UPDATE, DELETE ON log_entries, log_heads, log_open_intents, log_tiles, log_checkpoints, certificates, evidence, knowledge, policy_sets FROM {Tenant};
            REVOKE ALL ON log_instances FROM {Tenant};
        END $do$;
        """;
}
