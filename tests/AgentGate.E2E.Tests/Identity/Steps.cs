using Microsoft.Playwright;
using OtpNet;
using static Microsoft.Playwright.Assertions;

namespace AgentGate.E2E.Tests.Identity;

/// <summary>What people do on the pages of identity, by keyboard and labels as they do it.</summary>
internal static class Steps
{
    private static readonly PageGetByLabelOptions s_exact = new() { Exact = true };

    /// <summary>Types e-mail and password on the sign-in page.</summary>
    public static async Task PasswordAsync(this Visitor visitor, string email, string password = TeamServer.AdminPassword)
    {
        await visitor.Page.GetByLabel("E-mail", s_exact).FillAsync(email);
        await visitor.Page.GetByLabel("Password", s_exact).FillAsync(password);
        await visitor.Page.GetByLabel("Password", s_exact).PressAsync("Enter");
    }

    /// <summary>Signs in and waits for a page.</summary>
    public static async Task SignInAtAsync(this Visitor visitor, string path, string email, string password = TeamServer.AdminPassword)
    {
        await visitor.Page.GotoAsync(path);
        await Expect(visitor.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
        await visitor.PasswordAsync(email, password);
        await visitor.Page.WaitForURLAsync("**" + path);
    }

    /// <summary>Types the code of an authenticator.</summary>
    public static async Task CodeAsync(this Visitor visitor, string code)
    {
        await visitor.Page.GetByLabel("Code of your authenticator", s_exact).FillAsync(code);
        await visitor.Page.Keyboard.PressAsync("Enter");
    }

    public static async Task SignOutAsync(this Visitor visitor)
    {
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
    }

    public static ILocator Button(this Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Heading(this Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    /// <summary>The code of a secret in a time step: 0 is now, 1 the next. A step counts once, so that the next is taken for the next sign-in.</summary>
    public static string CodeOf(string secret, int step = 0)
        => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(DateTime.UtcNow.AddSeconds(30 * step));
}
