using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>The map of roles as people write it: one line each, <c>it = depart-it</c>.</summary>
internal static class RoleLines
{
    /// <summary>Reads the lines; what is wrong names the line.</summary>
    public static (IReadOnlyList<RoleMapping> Roles, Problem? Wrong) Read(string text)
    {
        List<RoleMapping> roles = [];
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (line.Split('=', 2) is not [var name, var value] || value.Trim().Length == 0 || ChangeUser.RoleOf(name.Trim()) is not { } role || int.TryParse(name, out _))
            {
                return ([], Problem.Invalid("roles", "role-line", ProviderText.MapLineWrong.With(number)) with { Line = number });
            }

            roles.Add(new(value.Trim(), role));
        }

        return (roles, null);
    }
}
