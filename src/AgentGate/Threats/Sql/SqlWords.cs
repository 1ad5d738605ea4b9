using System.Collections.Frozen;
using System.Text;

namespace AgentGate.Threats.Sql;

/// <summary>Tells words of SQL from all others, in every dialect at once and in either case. Thread-safe.</summary>
internal static class SqlWords
{
    private const int LongestWord = 32;

    private static readonly FrozenDictionary<string, SqlWord> s_words = Build();

    private static readonly FrozenDictionary<string, SqlWord>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By first letter the lengths that occur, one bit each: most words of a sentence are told by that.</summary>
    private static readonly uint[] s_lengths = Lengths();

    /// <summary>Classifies a word.</summary>
    public static SqlWord Of(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > LongestWord)
        {
            return word.Length == 1 && (word[0] | 0x20) == 'a' ? SqlWord.Prose : SqlWord.None;
        }

        var first = (word[0] | 0x20) - 'a';
        if ((uint)first < 26 && (s_lengths[first] >> (word.Length - 1) & 1) != 0 && Ascii.IsValid(word) && s_lookup.TryGetValue(word, out var found))
        {
            return found;
        }

        return word.Length < 5 ? SqlWord.None : OfPrefix(word);
    }

    /// <summary>Whether it can begin a statement.</summary>
    public static bool IsStatement(SqlWord word) =>
        word is SqlWord.Select or (>= SqlWord.Insert and <= SqlWord.Bulk) and not (SqlWord.Delay or SqlWord.Replace) or SqlWord.Set;

    /// <summary>Whether it is a function.</summary>
    public static bool IsFunction(SqlWord word) =>
        word is SqlWord.Wait or SqlWord.Leak or SqlWord.Tell or SqlWord.Shape or SqlWord.Compute or SqlWord.If or SqlWord.Replace;

    /// <summary>Whether it cannot be the name of a column or a table.</summary>
    public static bool IsReserved(SqlWord word) => word is > SqlWord.None and < SqlWord.Insert && word is not (SqlWord.Top or SqlWord.Unknown or SqlWord.Program);

    /// <summary>Systems name what is theirs by a prefix.</summary>
    private static SqlWord OfPrefix(ReadOnlySpan<char> word)
    {
        if (word[..Math.Min(word.Length, 8)].IndexOfAny('_', '$') is < 1 or > 6)
        {
            return SqlWord.None;
        }

        if (Starts(word, "xp_") || Starts(word, "utl_") || Starts(word, "dbms_") || Starts(word, "sp_oa") || Starts(word, "lo_import"))
        {
            return SqlWord.Leak;
        }

        return Starts(word, "sp_") || Starts(word, "pg_") || Starts(word, "v$") || Starts(word, "gv$") || Starts(word, "rdb$") || Starts(word, "dba_")
            || Starts(word, "mon$") || Starts(word, "all_tab") || Starts(word, "user_tab") || Starts(word, "sqlite_")
            ? SqlWord.System
            : SqlWord.None;
    }

    private static bool Starts(ReadOnlySpan<char> word, string prefix) => word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static uint[] Lengths()
    {
        var lengths = new uint[26];
        foreach (var word in s_words.Keys)
        {
            lengths[(word[0] | 0x20) - 'a'] |= 1u << (word.Length - 1);
        }

        return lengths;
    }

    private static FrozenDictionary<string, SqlWord> Build()
    {
        var words = new Dictionary<string, SqlWord>(StringComparer.OrdinalIgnoreCase);
        for (var word = SqlWord.Or; word < SqlWord.Object; word++)
        {
            words[word.ToString()] = word;
        }

        Add(SqlWord.Like, "rlike regexp ilike glob similar");
        Add(SqlWord.Div, "mod");
        Add(SqlWord.Collate, "uescape");
        Add(SqlWord.Null, "isnull notnull");
        Add(SqlWord.Distinct, "distinctrow");
        Add(SqlWord.Union, "intersect except minus");
        Add(SqlWord.Exists, "any some");
        Add(SqlWord.Outfile, "dumpfile");
        Add(SqlWord.Exec, "execute");
        Add(SqlWord.Analyse, "analyze");
        Add(SqlWord.Show, "describe");
        Add(SqlWord.Object, "table database view index function schema user role column trigger login proc tablespace sequence package type");
        Add(SqlWord.Wait, "sleep benchmark pg_sleep pg_sleep_for pg_sleep_until randomblob zeroblob dbms_lock dbms_session dbms_pipe");
        Add(SqlWord.Leak, "extractvalue updatexml load_file xmltype json_keys name_const gtid_subset gtid_subtract dbms_xmlgen query_to_xml "
            + "database_to_xml pg_read_file pg_ls_dir lo_import lo_export openrowset opendatasource ctxsys sys_eval sys_exec load_extension "
            + "writefile readfile fileread utl_http utl_inaddr utl_file httpuritype");
        Add(SqlWord.Tell, "version current_user session_user system_user user_name db_name host_name is_srvrolemember serverproperty "
            + "current_database current_setting current_schema user_id suser_name connection_id object_id col_name sqlite_version inet_server_addr "
            + "schema_name suser_sname");
        Add(SqlWord.Shape, "char chr ascii ord unicode substring substr mid hex unhex concat concat_ws group_concat string_agg wm_concat nchar "
            + "bin conv compress uncompress aes_encrypt aes_decrypt des_encrypt des_decrypt to_char rawtohex hextoraw elt make_set export_set make_set lpad rpad locate "
            + "instr charindex patindex strcmp array_to_json array_agg row_to_json stuff quotename xmlagg xmlelement listagg stragg");
        Add(SqlWord.Compute, "count sum avg min max length len cast convert ifnull coalesce nullif nvl iif decode md5 sha1 sha2 sha "
            + "rand random floor ceil ceiling round abs sign pi cos sin tan cot exp power pow sqrt ln lower upper ucase lcase reverse "
            + "space repeat replicate trim ltrim rtrim left right now sysdate getdate curdate field greatest least generate_series rownum "
            + "row_count found_rows last_insert_id strcmp char_length bit_length octet_length isnull likelihood likely");
        Add(SqlWord.System, "information_schema sysobjects syscolumns sysusers sysdatabases syslogins sysibm syscat sysprocesses sqlite_master sqlite_schema "
            + "sqlite_temp_master pg_catalog pg_shadow pg_user pg_tables pg_class pg_database pg_group all_tables all_users all_tab_columns "
            + "all_objects user_tables user_tab_columns dba_users dual msysobjects sysmaster systables domain_tables table_name column_name "
            + "table_schema schema_name_ sp_executesql sp_password sp_addlogin sp_makewebtask schemata");
        Add(SqlWord.Prose, "the an my your our his her their its this that these those it you we they he she me him them us to of at with "
            + "about between_ what which who please some each every both will would can could should is_ are was were be been here there your mine "
            + "one yours because while until upon within without");
        Reset(SqlWord.With, "with");
        Reset(SqlWord.Is, "is");
        Reset(SqlWord.Exists, "some");
        Reset(SqlWord.Null, "null");
        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(SqlWord kind, string list)
        {
            foreach (var word in list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                words[word] = kind;
            }
        }

        void Reset(SqlWord kind, string word) => words[word] = kind;
    }
}
