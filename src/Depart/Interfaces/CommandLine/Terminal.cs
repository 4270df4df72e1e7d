using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Depart.Foundation;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.CommandLine;

/// <summary>
/// The command line, a table of contents. A verb is one file: it makes its <see cref="Command"/> and returns an exit code. All but
/// <c>serve</c>, <c>evidence verify</c> and <c>templates validate</c> speak to the API of a running server (<c>DEPART_URL</c>, <c>DEPART_TOKEN</c>).
/// </summary>
internal static class Terminal
{
    /// <summary>It was done.</summary>
    public const int ExitDone = 0;

    /// <summary>It failed.</summary>
    public const int ExitFailed = 1;

    /// <summary>The call's words are off.</summary>
    public const int ExitUsage = 2;

    /// <summary>Some of it was done.</summary>
    public const int ExitPartly = 3;

    private static readonly Words Stopped = new("Interrupted.", "Interrompu.");

    /// <summary>Machine-readable output.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = Say(new("Print JSON.", "Affiche du JSON.")), Recursive = true };

    /// <summary>Parses and runs.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var language = Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LANG") ?? "";
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture =
            language.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? Words.French : Words.English;
        var root = new RootCommand(Say(new(
            "Depart: the offboarding of external consultants, with proof.", "Départ : le départ des consultants externes, preuves à l’appui.")))
        {
            ServeVerb.Create(),
            LoginVerbs.SetUp(),
            LoginVerbs.Login(),
            LoginVerbs.Logout(),
            UsersVerbs.Create(),
            ProvidersVerbs.Create(),
            TokensVerbs.Create(),
            SessionsVerbs.Create(),
            SettingsVerbs.Create(),
            OrganisationVerbs.FirstSteps(),
            WorkVerbs.Create(),
            MailVerbs.Create(),
            BackupVerbs.Backup(),
            BackupVerbs.Restore(),
            DoctorVerb.Create(),
            PeopleVerbs.Create(),
            MissionsVerbs.Create(),
            SuppliersVerbs.Create(),
            SystemsVerbs.Create(),
            AccountsVerbs.Create(),
            DeparturesVerbs.Create(),
            TasksVerbs.Create(),
            RenewalVerbs.Create(),
            NightlyVerbs.Create(),
            DisconnectionVerbs.Plan(),
            DisconnectionVerbs.Disconnect(),
            ReconnectVerb.Create(),
            DisconnectionVerbs.Status(),
            TemplatesVerbs.Create(),
            EvidenceVerbs.Create(),
        };
        root.Options.Add(Json);
        CommandHelp.Translate(root);
        var parsed = root.Parse(args);
        if (CommandHelp.Complaints(parsed) is { Count: > 0 } complaints)
        {
            foreach (var complaint in complaints)
            {
                await Console.Error.WriteLineAsync(complaint);
            }

            return ExitUsage;
        }

        // As shells do: 128 and the number of the signal.
        var (code, stop) = (ExitFailed, new CancellationTokenSource());
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 130));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 143));
        void Stop(PosixSignalContext context, int exit)
        {
            // A second signal ends the process at once.
            context.Cancel = !stop.IsCancellationRequested;
            code = exit;
            stop.Cancel();
        }

        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (Interruption interruption)
        {
            await Console.Error.WriteLineAsync(interruption.Message);
            return code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(Stopped.ToString());
            return code;
        }
        catch (CommandFailed failed)
        {
            await Console.Error.WriteLineAsync(CommandHelp.Refused(failed, parsed.CommandResult.Command));
            return failed.ExitCode;
        }
        catch (StartRefused refused)
        {
            await Console.Error.WriteLineAsync(refused.Why.ToString());
            return ExitFailed;
        }
    }

    /// <summary>A text in the reader's language.</summary>
    public static string Say(Words words) => words.ToString();
}

/// <summary>Somebody stopped waiting; the message says what goes on without them.</summary>
internal sealed class Interruption(string message) : OperationCanceledException(message);

/// <summary>Ends a verb with a message for people.</summary>
internal sealed class CommandFailed(string message, int exitCode) : Exception(message)
{
    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The server's refusal, field by field, when it was one.</summary>
    public System.Text.Json.Nodes.JsonObject? Problem { get; init; }
}
