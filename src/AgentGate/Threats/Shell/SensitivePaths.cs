using System.Collections.Frozen;

namespace AgentGate.Threats.Shell;

/// <summary>
/// Which places of a file system hold secrets or steer the machine. Paths are given resolved: lower case, one slash
/// between segments, none in front.
/// </summary>
internal static class SensitivePaths
{
    /// <summary>Nothing to see.</summary>
    public const int None = 0;

    /// <summary>A configuration or a log: worth nothing to most tools and a lot to an intruder.</summary>
    public const int Configuration = 1;

    /// <summary>A place of the system itself.</summary>
    public const int System = 2;

    /// <summary>Secrets, accounts, memory.</summary>
    public const int Secret = 3;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_secretFiles = Set(
        "passwd", "shadow", "gshadow", "master.passwd", "sudoers", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "authorized_keys", "known_hosts",
        ".htpasswd", ".htaccess", ".netrc", ".pgpass", ".my.cnf", ".bash_history", ".zsh_history", ".sh_history", ".ksh_history", ".mysql_history",
        ".git-credentials", ".npmrc", ".pypirc", ".dockercfg", ".rhosts", ".shosts", ".xauthority", "boot.ini", "win.ini", "system.ini", "sam", "ntds.dit",
        "wp-config.php", "web.config", "tomcat-users.xml", "config.inc.php", "global.asa", "applicationhost.config", "unattend.xml", "unattended.xml",
        "sysprep.xml", "sysprep.inf", "unattend.txt", "unattended.txt", "metabase.xml", "ntuser.dat", ".passwd", "pureftpd.passwd");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_configurationFiles = Set(
        "php.ini", "my.ini", "my.cnf", "httpd.conf", "nginx.conf", "apache.conf", "apache2.conf", "web.xml", "server.xml", "config.inc", "config.php",
        "settings.php", "localsettings.php", "configuration.php", "database.yml", "proftpd.conf", "proftp.conf", "vsftpd.conf", "pure-ftpd.conf", "sshd_config",
        "ssh_config", "hosts", "hostname", "issue", "motd", "group", "fstab", "crontab", "resolv.conf", "desktop.ini", "ntuser.ini", "ntuser.dat", "mercury.ini",
        "filezilla server.xml", "sendmail.ini", "webalizer.conf", "phpinfo.php", "setupinfo", "setupinfo.bak", "accesslog", "wtmp", "utmp", "lastlog",
        ".bashrc", ".bash_profile", ".bash_logout", ".profile", ".cshrc", ".zshrc", ".forward", ".logout", ".login", "environ", "httpd-ssl.conf", "php.conf",
        "grub.conf", "grub.cfg", "thttpd_log", "httpd.conf.default", "httpd.conf.php", "vhosts.conf", "pureftpd.pdb", "httpd2.conf", "webdav.txt", "known_hosts",
        "access_log", "error_log", "access.log", "error.log", "ssl_access_log", "ssl_error_log", "mysql.log", "mysql.err", "hostname.err", "mysql-bin.log",
        "sendmail.log", "config.asp", "mysql.php", "pure-config.pl");

    private static readonly string[] s_secretRoots =
    [
        "root/", "proc/self", "proc/1/", "windows/system32/config", "windows/repair", "winnt/repair", "windows/csc", "windows/panther", "winnt/system32/config",
        "etc/ssh/", "etc/ssl/private", "etc/sudoers.d", "etc/kubernetes", "var/run/secrets", "run/secrets", "var/db/shadow", "var/lib/mysql",
    ];

    private static readonly string[] s_systemRoots =
    [
        "etc/", "proc/", "boot/", "sys/", "dev/", "var/", "private/etc/", "private/var/", "usr/etc/", "usr/local/etc/",
        "usr/pkg/etc/", "usr/spool/", "usr/lib/security", "usr/lib/cron", "usr/local/apache", "usr/apache", "usr/local/nginx", "usr/local/php", "usr/local/mysql",
        "usr/local/cpanel", "usr/local/pureftpd", "usr/local/httpd", "usr/local/psa", "usr/local/zeus", "usr/local/zend", "usr/local/lib/php", "usr/ports/",
        "usr/pkgsrc/", "usr/adm/", "usr/home/user/lib/php", "opt/lampp/", "opt/lamp/", "opt/xampp/", "opt/apache", "opt/httpd", "opt/nginx", "library/webserver/",
        "windows/", "winnt/", "system32/", "inetpub/", "xampp/", "wamp/", "minint/", "sysprep/", "sysprep.", "$recycle.bin/", "system volume information", "appserv/",
        "documents and settings/administrator", "users/administrator", "web-inf/", "meta-inf/", "netserver/", "cgi-bin/",
    ];

    private static readonly string[] s_secretEnds =
    [
        "etc/passwd", "etc/shadow", "etc/group", "etc/hosts", "etc/issue", "etc/sudoers", "etc/crontab", "etc/fstab", "etc/master.passwd", "etc/pwd.db",
        "proc/self/environ", "proc/self/cmdline", "proc/version", "proc/cmdline", ".git/config", ".git/head", ".svn/entries", ".aws/credentials", ".aws/config",
        ".docker/config.json", ".kube/config", ".ssh/config", "web-inf/web.xml", "/.env", "system32/drivers/etc/hosts", "system32/cmd.exe", "bin/sh", "bin/bash", "bin/ls", "bin/id",
        "bin/cat", "config/sam", "repair/sam", "config/system", "repair/system", "config/database.yml",
    ];

    /// <summary>How sensitive an absolute path is, or the target of a climb: its beginning counts.</summary>
    public static int OfAbsolute(ReadOnlySpan<char> path)
    {
        var strong = OfTarget(path);
        if (strong == Secret || StartsWith(path, s_secretRoots))
        {
            return Secret;
        }

        if (StartsWith(path, s_systemRoots) && !path.StartsWith("var/www/", StringComparison.Ordinal) && !path.StartsWith("var/tmp/", StringComparison.Ordinal)
            && !path.SequenceEqual("dev/null"))
        {
            return System;
        }

        var programs = path.StartsWith("program", StringComparison.Ordinal) || path.StartsWith("volumes/", StringComparison.Ordinal);
        return strong != None || IsLog(path) || (programs && (path.Contains("apache", StringComparison.Ordinal) || path.Contains("mysql", StringComparison.Ordinal)))
            ? Configuration
            : None;
    }

    /// <summary>How sensitive what a path ends in is, wherever it begins.</summary>
    public static int OfTarget(ReadOnlySpan<char> path)
    {
        foreach (var end in s_secretEnds)
        {
            if (path.EndsWith(end, StringComparison.Ordinal) && (path.Length == end.Length || end[0] == '/' || path[^(end.Length + 1)] == '/'))
            {
                return Secret;
            }
        }

        var name = path[(path.LastIndexOf('/') + 1)..];
        return s_secretFiles.Contains(name) ? Secret : s_configurationFiles.Contains(name) ? Configuration : None;
    }

    private static bool IsLog(ReadOnlySpan<char> path)
    {
        var at = path.LastIndexOf('/');
        var folder = at < 0 ? default : path[..at];
        var name = path[(at + 1)..];
        var parent = folder[(folder.LastIndexOf('/') + 1)..];
        var isServer = path.Contains("apache", StringComparison.Ordinal) || path.Contains("nginx", StringComparison.Ordinal) || path.Contains("httpd", StringComparison.Ordinal)
            || path.Contains("mysql", StringComparison.Ordinal) || path.Contains("php", StringComparison.Ordinal);
        return parent is "log" or "logs" && (isServer || name.EndsWith("_log", StringComparison.Ordinal) || name.Contains("ftp", StringComparison.Ordinal))
            || (isServer && parent is "conf" or "sessions");
    }

    private static bool StartsWith(ReadOnlySpan<char> path, string[] roots)
    {
        foreach (var root in roots)
        {
            if (path.StartsWith(root, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] names)
        => names.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
