namespace AgentGate.Benchmarks.Eval;

/// <summary>The inputs that version 1.0 got wrong, and those that any detector must get right. Read by tests too.</summary>
internal static class KnownCases
{
    public static readonly IReadOnlyList<KnownCase> All =
    [
        // False alarms of 1.0.
        Clean("I have a cat"), Clean("I have a cat | issue #42"), Clean("What type of file is this?"), Clean("issue #42"), Clean("C# developer"), Clean("a -- b"),
        Clean("My password is Abc#12345"), Clean("Tom & Jerry || friends"), Clean("select the best option from the list"),
        Clean("Please update; delete old rows later"), Clean("hello {{name}}"), Clean("cost is ${price}"),
        Clean("Visit http://localhost:3000"), Clean("version 10.0.0.1"), Clean("line1\nline2"),
        Clean("Hello, World!"), Clean("user@example.com"), Clean("This is a normal message"), Clean("12345"),
        Clean("Product description: High quality item"),

        // What it missed, or saw and let through.
        Attack("\uff33\uff25\uff2c\uff25\uff23\uff34 * \uff26\uff32\uff2f\uff2d users"), Attack("%27%20OR%201%3D1"), Attack("eval(atob('...'))"),
        Attack("*)(uid=*"), Attack("SELECT/**/password/**/FROM/**/users"), Attack("' oR 1=1 LIMIT 1"),

        // The scenarios of the README block in a conversation too.
        Everywhere("'; DROP TABLE users; --"), Everywhere("rm -rf / --no-preserve-root"), Everywhere("<script>alert(document.cookie)</script>"),
        Attack("../../../etc/passwd"),

        // SQL.
        Attack("admin' OR '1'='1"), Attack("admin'--"), Attack("' UNION SELECT * FROM users --"), Attack("admin' AND 1=1--"),
        Attack("' OR 'x'='x"), Attack("admin' /*"), Attack("' OR 1=1#"), Attack("24 OR 1=1"), Attack("60'; DELETE FROM traces--"),
        Attack("1 UNION SELECT * FROM users"), Attack("read_file' OR '1'='1"), Attack("delete_file' OR '1'='1"),
        Attack("Test Dataset'; DROP TABLE datasets--"), Attack("Updated'; DELETE FROM datasets--"), Attack("Test Case'; DROP TABLE test_cases--"),
        Attack("test'; DROP TABLE users--@example.com"), Attack("' OR '1'='1"), Attack("'; DROP TABLE users--"), Attack("' AND 1=1--"),

        // Script.
        Attack("<script>alert('XSS')</script>"), Attack("<img src=x onerror=alert('XSS')>"), Attack("javascript:alert(1)"),
        Attack("<svg onload=alert('XSS')>"), Attack("<body onload=alert('XSS')>"), Attack("<iframe src='javascript:alert(1)'>"),

        // Paths, commands, addresses.
        Attack(@"..\..\..\windows\system32"), Attack("/etc/passwd"), Attack("%2e%2e%2f%2e%2e%2f"),
        Attack("; cat /etc/passwd"), Attack("| ls -la"), Attack("`whoami`"), Attack("$(cat /etc/passwd)"),
        Attack("http://localhost:8080"), Attack("http://127.0.0.1"), Attack("http://169.254.169.254/metadata"), Attack("http://192.168.1.1"),
    ];

    private static KnownCase Clean(string text) => new(text, Argument: false, Chat: false);

    private static KnownCase Attack(string text) => new(text, Argument: true, Chat: null);

    private static KnownCase Everywhere(string text) => new(text, Argument: true, Chat: true);
}
