using System.Reflection;
using System.Runtime.CompilerServices;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces;
using Depart.Missions;

namespace Depart.House;

/// <summary>Who may send what. A change of access is a changed line of the table: nothing is granted in passing.</summary>
public sealed class AccessTests
{
    /// <summary>A role with <c>*</c> counts only on one's own departures. <c>engine</c>, <c>console</c>, <c>signed-in</c>, <c>anyone</c>, <c>own-door</c> (a leaver through their own door) are what they say.</summary>
    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        // The record.
        ["AddPerson"] = "it hr admin",
        ["ChangePerson"] = "it hr admin",
        ["GetPerson"] = "it hr security auditor admin",
        ["ListPeople"] = "it hr security auditor admin",
        ["HoldPrivateAddress"] = "hr admin",
        ["ForgetPrivateAddress"] = "hr admin",
        ["AddMission"] = "it hr admin",
        ["ChangeMission"] = "it hr admin",
        ["GetMission"] = "it hr security auditor admin",
        ["ListMissions"] = "it hr security auditor admin",
        ["ListUnits"] = "it hr security auditor admin",
        ["AddSupplier"] = "it hr admin",
        ["ChangeSupplier"] = "it hr admin",
        ["GetSupplier"] = "it hr security auditor admin",
        ["ListSuppliers"] = "it hr security auditor admin",

        // Process templates.
        ["ListTemplates"] = "manager it hr security auditor admin",
        ["GetTemplate"] = "manager it hr security auditor admin",
        ["CompareTemplates"] = "manager it hr security auditor admin",
        ["PreviewTemplate"] = "manager it hr security auditor admin",
        ["ValidateTemplate"] = "manager it hr security auditor admin",
        ["SaveDraft"] = "hr admin",
        ["EditTemplate"] = "hr admin",
        ["BeginTemplate"] = "hr admin",
        ["CreateDraftFrom"] = "hr admin",
        ["PublishTemplate"] = "hr admin",
        ["WithdrawTemplate"] = "hr admin",
        ["InstallShippedTemplates"] = "engine",

        // Departures.
        ["ListOpenable"] = "manager it hr security admin",
        ["OfferOpening"] = "manager it hr security admin",
        ["OpenDeparture"] = "manager it hr security admin",
        ["RescheduleDeparture"] = "manager* it hr security admin",
        ["CancelDeparture"] = "manager* it hr security admin",
        ["CloseDeparture"] = "manager* it hr security admin",
        ["GetDeparture"] = "manager* it hr security auditor admin",
        ["ListDepartures"] = "manager it hr security auditor admin",
        ["ReadTimeline"] = "manager it hr security auditor admin",
        ["OfferDepartureFilters"] = "manager it hr security auditor admin",
        ["ForeseeTogether"] = "manager it hr security admin",
        ["FindManagersTasks"] = "manager* it hr security admin",
        ["ForeseeReschedule"] = "manager* it hr security admin",
        ["NotePresence"] = "manager* it hr security admin",
        ["GetPresence"] = "manager* it hr security auditor admin",
        ["LiftEmbargo"] = "manager* it hr security admin",
        ["NameConfidant"] = "manager* it hr security admin",
        ["ReadActivity"] = "manager* it hr security auditor admin",
        ["GetEmbargo"] = "manager* it hr security auditor admin",
        ["OfferConfidants"] = "manager it hr security admin",
        ["OpenImmediate"] = "it security admin",
        ["SearchBeforeImmediate"] = "it security admin",

        // Missions that end. A mission manager: of own missions only, which the handler holds to.
        ["ListRenewals"] = "manager it hr security auditor admin",
        ["GetRenewal"] = "manager it hr security auditor admin",
        ["FindRenewal"] = "manager it hr security auditor admin",
        ["CountRenewals"] = "manager hr admin",
        ["AnswerRenewal"] = "manager hr admin",
        ["GrantBridge"] = "manager hr security admin",
        ["GetRenewalSettings"] = "manager it hr security auditor admin",
        ["SetRenewals"] = "hr admin",
        ["PlanRenewals"] = "engine",

        // Tasks. Signed-in: what lies on one's own desk.
        ["FindAnything"] = "signed-in",
        ["ListByState"] = "manager it hr security auditor admin",
        ["ListNotifications"] = "signed-in",
        ["CountNotifications"] = "signed-in",
        ["SeeNotifications"] = "signed-in",
        ["ReadDashboard"] = "it hr security auditor admin",
        ["ListMyTasks"] = "signed-in",
        ["CountMyTasks"] = "signed-in",
        ["GetTask"] = "signed-in",
        ["ListDepartureTasks"] = "manager* it hr security auditor admin",
        ["CompleteTask"] = "signed-in",
        ["ReopenTask"] = "signed-in",
        ["CommentTask"] = "signed-in",
        ["SkipTask"] = "manager* it hr security admin",
        ["AssignTask"] = "manager* it hr security admin",
        ["AttachFile"] = "signed-in",
        ["RemoveFile"] = "signed-in",
        ["GetTaskFile"] = "signed-in",
        ["OfferMentions"] = "signed-in",
        ["ListMentions"] = "signed-in",
        ["SeeMention"] = "signed-in",
        ["NameSubstitute"] = "signed-in",
        ["EndAbsence"] = "signed-in",
        ["ListAbsences"] = "signed-in",
        ["OfferSubstitutes"] = "signed-in",
        ["ChooseDigest"] = "signed-in",
        ["GetDigest"] = "signed-in",
        ["KeepDigestClock"] = "engine",
        ["HandTask"] = "manager* it hr security admin",
        ["WithdrawTaskLinks"] = "manager* it hr security admin",
        ["ReadTaskLink"] = "anyone",
        ["DoTaskByLink"] = "anyone",
        ["DeclineTaskByLink"] = "anyone",
        ["OfferAssignees"] = "manager* it hr security admin",
        ["ForeseeNewerVersion"] = "manager* it hr security auditor admin",
        ["TakeOverTasks"] = "hr admin",
        ["OfferTemplates"] = "manager it hr security admin",

        // The disconnection.
        ["PlanDisconnection"] = "it security auditor admin",
        ["SearchBeforeCut"] = "it security admin",
        ["ChooseNewOwners"] = "it security admin",
        ["OfferNewOwners"] = "it security admin",
        ["Disconnect"] = "it security admin",
        ["Reconnect"] = "it security admin",
        ["RehearseReconnect"] = "it security admin",
        ["TakeOneTimePassword"] = "it security admin",
        ["SettleStep"] = "it security admin",
        ["GetUndo"] = "manager* it hr security auditor admin",
        ["GetDisconnection"] = "manager* it hr security auditor admin",
        ["AddSystem"] = "it admin",
        ["TestSystem"] = "it security admin",
        ["ListSystems"] = "it security auditor admin",
        ["KeepAccounts"] = "engine",
        ["KeepSnapshots"] = "engine",
        ["PrepareScheduled"] = "engine",
        ["RecordOutcomes"] = "engine",
        ["RecoverInterrupted"] = "engine",

        // What the engine gave up.
        ["ListStoppedWork"] = "it security auditor admin",
        ["RetryWork"] = "it security admin",

        // The leaver's own door: ways in, what lies behind it, and who keeps it.
        ["AskForDoor"] = "anyone",
        ["ReadWayIn"] = "anyone",
        ["EnterPortal"] = "anyone",
        ["ReadPortalSession"] = "anyone",
        ["NotePortalUse"] = "own-door",
        ["LeavePortal"] = "own-door",
        ["ListOwnPasskeys"] = "own-door",
        ["AddOwnPasskey"] = "own-door",
        ["RemoveOwnPasskey"] = "own-door",
        ["EnterByPasskey"] = "own-door",
        ["ReadPortal"] = "own-door",
        ["ReadOwnTask"] = "own-door",
        ["DoOwnTask"] = "own-door",
        ["GetOwnDoor"] = "manager* it hr security auditor admin",
        ["SendDoorLink"] = "manager* it hr security admin",
        ["PrintDoorCode"] = "hr admin",
        ["KeepOwnDoor"] = "hr admin",
        ["CloseOwnDoor"] = "hr security admin",

        // Public notices, and who runs this Depart.
        ["ReadNotice"] = "anyone",
        ["GetNotice"] = "hr admin",
        ["WriteNotice"] = "admin",
        ["RestoreNotice"] = "admin",
        ["GetOrganisation"] = "hr admin",
        ["DescribeOrganisation"] = "admin",
        ["ChooseAccent"] = "admin",
        ["ShowLogo"] = "admin",
        ["RemoveLogo"] = "admin",

        // From an empty installation to a first departure.
        ["ReadFirstSteps"] = "it hr admin",
        ["LeaveFirstStep"] = "admin",
        ["TakeUpFirstStep"] = "admin",

        // Proof.
        ["ExportEvidence"] = "security auditor admin",
        ["ListSigningKeys"] = "signed-in",
        ["RotateSigningKey"] = "security admin",
        ["PrepareSigningKey"] = "engine",
        ["SealJournal"] = "engine",
        ["NoteRewound"] = "engine",

        // Mail.
        ["ConfigureMail"] = "admin",
        ["ForgetMailServer"] = "admin",
        ["GetMailSettings"] = "admin",
        ["SendTestMail"] = "admin",
        ["ListMails"] = "it admin",
        ["SendMailAgain"] = "it admin",
        ["WithdrawMail"] = "it admin",
        ["ListMailTemplates"] = "it hr security admin",
        ["PreviewMail"] = "it hr security admin",
        ["BeginMail"] = "engine",

        // Settings of the house.
        ["GetSettings"] = "manager it hr security auditor admin",
        ["ChangeSettings"] = "admin",
        ["ListCalendars"] = "manager it hr security auditor admin",
        ["SaveCalendar"] = "admin",
        ["RemoveCalendar"] = "admin",

        // The server itself.
        ["MakeBackup"] = "admin",

        // Sign-in.
        ["WhoAmI"] = "signed-in",
        ["ChangePassword"] = "signed-in",
        ["SpeakLanguage"] = "signed-in",
        ["ReadInZone"] = "signed-in",
        ["NoteSignIn"] = "signed-in",
        ["NoteProof"] = "signed-in",
        ["BeginSession"] = "signed-in",
        ["EndSession"] = "signed-in",
        ["EndOtherSessions"] = "signed-in",
        ["ListSessions"] = "signed-in",
        ["NoteSeen"] = "engine",
        ["OfferProviders"] = "anyone",
        ["ListProviders"] = "security auditor admin",
        ["GetProvider"] = "security auditor admin",
        ["TestProvider"] = "admin",
        ["AddProvider"] = "admin",
        ["ChangeProvider"] = "admin",
        ["SwitchProvider"] = "admin",
        ["RemoveProvider"] = "admin",
        ["EnterByProvider"] = "engine",
        ["EndByProvider"] = "engine",
        ["TakeSessionsToAsk"] = "engine",
        ["NoteProvidersWord"] = "engine",
        ["TieIdentity"] = "signed-in",
        ["ProveByProvider"] = "signed-in",
        ["UntieIdentity"] = "signed-in",
        ["ListIdentities"] = "signed-in",
        ["ForgetIdentity"] = "admin",
        ["NoteGuessing"] = "engine",
        ["UseSecondStep"] = "engine",
        ["GetSecondStep"] = "signed-in",
        ["ListPasskeys"] = "signed-in",
        ["AddPasskey"] = "signed-in",
        ["RemovePasskey"] = "signed-in",
        ["UsePasskey"] = "engine",
        ["TurnOnSecondStep"] = "signed-in",
        ["TurnOffSecondStep"] = "signed-in",
        ["RenewRecoveryCodes"] = "signed-in",
        ["RemoveSecondStep"] = "admin",
        ["ReadLink"] = "anyone",
        ["SetUp"] = "anyone",
        ["CreateSetUpLink"] = "console",
        ["AddUser"] = "console",
        ["ListUsers"] = "security auditor admin",
        ["InviteUser"] = "admin",
        ["InviteAgain"] = "admin",
        ["GrantRole"] = "admin",
        ["WithdrawRole"] = "admin",
        ["DisableUser"] = "security admin",
        ["EnableUser"] = "admin",
        ["BindUser"] = "admin",
        ["CreateToken"] = "signed-in",
        ["RevokeToken"] = "signed-in",
        ["ListTokens"] = "signed-in",

        // Systems, accounts, discovery, imports and the readings of the screens.
        ["GetPersonFile"] = "it hr security auditor admin",
        ["ChangeSystem"] = "it admin",
        ["AcceptProposed"] = "it admin",
        ["ConfirmAccount"] = "it security admin",
        ["RefuseAccount"] = "it security admin",
        ["DeclareServiceAccount"] = "it security admin",
        ["IgnoreAccount"] = "it security admin",
        ["RegardAccount"] = "it security admin",
        ["AddAccount"] = "it security admin",
        ["ListAccounts"] = "it security auditor admin",
        ["GetAccount"] = "it security auditor admin",
        ["CountAccounts"] = "it security auditor admin",
        ["ListConnectors"] = "it security auditor admin",
        ["GetSystem"] = "it security auditor admin",
        ["PauseSystem"] = "it security admin",
        ["ResumeSystem"] = "it security admin",
        ["PlanFromRecord"] = "it security auditor admin",
        ["BeginDiscovery"] = "engine",
        ["RecordDiscovered"] = "engine",
        ["EndDiscovery"] = "engine",
        ["RehearseDisconnection"] = "it security admin",
        ["RemoveSystem"] = "it admin",
        ["StartDiscovery"] = "it security admin",
        ["CancelDiscovery"] = "it security admin",
        ["ConfirmVanished"] = "it security admin",
        ["GetDiscovery"] = "it security auditor admin",
        ["ListDiscoveries"] = "it security auditor admin",
        ["TrySettings"] = "it admin",
        ["ReadJournal"] = "security auditor admin",
        ["ReadJournalEntry"] = "security auditor admin",
        ["GetCheckpoint"] = "it security auditor admin",
        ["CheckJournal"] = "security auditor admin",
        ["ApplyImport"] = "it hr admin",
        ["ApplyImportLines"] = "engine",
        ["DownloadRefused"] = "it hr admin",
        ["ForgetImport"] = "it hr admin engine",
        ["GetImport"] = "it hr admin",
        ["ListImports"] = "it hr admin",
        ["ListImportLines"] = "it hr admin",
        ["SaveNightly"] = "it hr admin",
        ["RemoveNightly"] = "it hr admin",
        ["RunNightlyNow"] = "it hr admin",
        ["ListNightly"] = "it hr admin",
        ["GetNightly"] = "it hr admin",
        ["ListVanished"] = "it hr admin",
        ["ReadNightlyColumns"] = "it hr admin",
        ["MeasureEnded"] = "engine",
        ["ReadImport"] = "it hr admin engine",
        ["KeepImport"] = "it hr admin engine",
        ["KeepImportLines"] = "it hr admin engine",
        ["CountDepartures"] = "manager it hr security auditor admin",
        ["ListAwaiting"] = "manager it hr security auditor admin",
    };

    /// <summary>Commands that name a person, a mission or a departure and yet are not held by separation, each with its reason.</summary>
    private static readonly Dictionary<string, string> Apart = new(StringComparer.Ordinal)
    {
        ["OpenDeparture"] = "whose it is, is found inside: tested below",
        ["OpenImmediate"] = "whose it is, is found inside: tested below",
        ["AddMission"] = "whose it is, is found inside: tested below",
        ["ChangeMission"] = "whose it is, is found inside: tested below",
        ["AddAccount"] = "nobody decides about an account of their own: found inside",
        ["KeepAccounts"] = "the engine alone",
        ["PrepareScheduled"] = "the engine alone",
        ["BindUser"] = "says who a user is, nothing of a departure; one's own binding has a rule of its own",
    };

    private static readonly Type[] Requests = [.. typeof(Server).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && ResultOf(type) is not null)];

    [Fact]
    public void Every_command_and_query_is_in_the_table_and_nothing_else() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Requests.Select(type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_role_may_what_the_table_says_and_no_more()
    {
        var parties = new DepartureParties(Guid.NewGuid(), null, Guid.NewGuid(), Guid.NewGuid());
        var wrong = from request in Requests
                    let access = (Access)request.GetProperty("Access", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!
                    let found = Describe(access, parties)
                    where Table.GetValueOrDefault(request.Name) != found
                    select $"{request.Name}: the table says “{Table.GetValueOrDefault(request.Name)}”, the code “{found}”";

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public async Task The_door_refuses_each_role_that_the_table_does_not_name()
    {
        await using var app = await DepartApp.StartAsync();
        foreach (var request in Requests.Where(type => Table[type.Name] is not ("anyone" or "signed-in")))
        {
            foreach (var role in Enum.GetValues<Role>().Where(role => !Table[request.Name].Split(' ').Contains(Name(role)) && !Table[request.Name].Contains(Name(role) + "*", StringComparison.Ordinal)))
            {
                var problem = await app.TryAsync(RuntimeHelpers.GetUninitializedObject(request), Of(role));

                Assert.True(problem == "forbidden", $"{request.Name} by {role}: {problem}");
            }
        }
    }

    /// <summary>A leaver who came through their own door may what the table names so, and what a consultant may on their own departure: never what an account of theirs holds.</summary>
    [Fact]
    public void Whoever_came_through_their_own_door_is_heard_by_what_says_so_and_by_nothing_else()
    {
        var leaver = Guid.NewGuid();
        var own = new DepartureParties(leaver, null, leaver, leaver);
        var heard = Requests.Where(type => ((Access)type.GetProperty("Access", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!).Allows(Actor.ThroughOwnDoor(leaver, "x"), own));

        Assert.Equal(
            Table.Where(row => row.Value is "anyone" or "own-door" || row.Value.Contains("consultant*", StringComparison.Ordinal)).Select(row => row.Key).Order(StringComparer.Ordinal),
            heard.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_on_a_departure_or_a_person_is_held_by_separation_or_says_why_not()
    {
        var apart = Requests.Where(type => IsCommand(type) && Held(type) is null
            && type.GetProperties().Any(property => property.PropertyType == typeof(DepartureId) || property.PropertyType == typeof(MissionId)
                || property.PropertyType == typeof(PersonId) || property.PropertyType == typeof(PersonId?))).Select(type => type.Name);

        Assert.Equal(string.Join(' ', Apart.Keys.Order(StringComparer.Ordinal)), string.Join(' ', apart.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void What_is_done_on_ones_own_departure_is_ones_own_part_and_nothing_else() =>
        Assert.Equal(["AttachFile", "CommentTask", "CompleteTask", "RemoveFile", "ReopenTask"], Requests.Where(type => typeof(IOwnPart).IsAssignableFrom(type)).Select(type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nobody_acts_on_their_own_departure_nor_for_somebody_of_the_same_supplier_by_any_command()
    {
        await using var app = await DepartApp.StartAsync();
        var leaver = await app.AddPersonAsync("Zoë", "Perrin", "zoe@exemple.fr", "Altéo Conseil");
        var colleague = await app.AddPersonAsync("Hugo", "Mercier", "hugo@exemple.fr", "Altéo Conseil");
        var departure = await app.OpenAsync(leaver.Mission);
        foreach (var type in Requests.Where(type => IsCommand(type) && Held(type) is not null && !typeof(IOwnPart).IsAssignableFrom(type)))
        {
            var command = RuntimeHelpers.GetUninitializedObject(type);
            Set(command, DepartureId.From(departure));
            Set(command, PersonId.From(leaver.Person));

            Assert.True(await app.TryAsync(command, Everything(leaver.Person)) == "own-departure", type.Name);
            Assert.True(await app.TryAsync(command, Everything(colleague.Person)) == "same-supplier", type.Name);
        }
    }

    [Theory]
    [InlineData(null, "Altéo Conseil", null, "Altéo Conseil")]
    [InlineData("Brisance", "Altéo Conseil", "Altéo Conseil", "Altéo Conseil")]
    [InlineData("Altéo Conseil", "Brisance", "Altéo Conseil", "Altéo Conseil")]
    [InlineData(null, "Altéo Conseil", "Altéo Conseil", "Altéo Conseil")]
    [InlineData("Altéo Conseil", "Altéo Conseil", null, "Altéo Conseil")]
    public async Task Of_the_same_supplier_is_whoever_works_for_it_whether_the_person_or_the_mission_says_so(string? leavers, string leaversMission, string? colleagues, string colleaguesMission)
    {
        await using var app = await DepartApp.StartAsync();
        var leaver = await RecordedAsync(app, "Zoë", leavers, leaversMission);
        var colleague = await RecordedAsync(app, "Hugo", colleagues, colleaguesMission);
        var departure = await app.OpenAsync(leaver.Mission);

        Assert.Equal("same-supplier", await app.TryAsync(new CancelDeparture(DepartureId.From(departure)), Everything(colleague.Person)));
        Assert.Equal("same-supplier", await app.TryAsync(new Step5Close.Accounts.OpenImmediate(MissionId.From(leaver.Mission), DepartureReason.Security), Everything(colleague.Person)));
    }

    [Fact]
    public async Task A_mission_that_ended_makes_nobody_of_the_same_supplier()
    {
        await using var app = await DepartApp.StartAsync();
        var leaver = await RecordedAsync(app, "Zoë", "Altéo Conseil", "Altéo Conseil");
        var once = await RecordedAsync(app, "Hugo", null, "Altéo Conseil", new DateOnly(2020, 6, 30));
        var departure = await app.OpenAsync(leaver.Mission);

        Assert.Null(await app.TryAsync(new CancelDeparture(DepartureId.From(departure)), Everything(once.Person)));
    }

    [Fact]
    public async Task Nobody_opens_their_own_departure_nor_changes_their_own_mission()
    {
        await using var app = await DepartApp.StartAsync();
        var leaver = await app.AddPersonAsync("Zoë", "Perrin", "zoe@exemple.fr", "Altéo Conseil");
        object[] commands =
        [
            new OpenDeparture(MissionId.From(leaver.Mission), new DateOnly(2030, 12, 20)),
            new Step5Close.Accounts.OpenImmediate(MissionId.From(leaver.Mission), DepartureReason.Security),
            new AddMission(PersonId.From(leaver.Person), new MissionContent("Refonte")),
            new ChangeMission(MissionId.From(leaver.Mission), new MissionContent("Refonte")),
        ];
        foreach (var command in commands)
        {
            Assert.Equal("own-departure", await app.TryAsync(command, Everything(leaver.Person)));
        }
    }

    /// <summary>Somebody whose record and whose mission each name a supplier of their own, or none.</summary>
    private static async Task<(Guid Person, Guid Mission)> RecordedAsync(DepartApp app, string given, string? supplier, string missions, DateOnly? end = null)
    {
        var person = (await app.SendAsync(new AddPerson(given, "Perrin", [$"{given}@exemple.fr"], Supplier: supplier), Actor.Console)).Value!.Person;
        var mission = await app.SendAsync(new AddMission(person, new MissionContent("Refonte", Supplier: missions, End: end)), Actor.Console);
        return (person.Value, mission.Value.Value);
    }

    private static string Describe(Access access, DepartureParties parties) => access switch
    {
        { Public: true } => "anyone",
        { AnySignedIn: true } => "signed-in",
        { OwnDoor: true } => "own-door",
        { Roles.Count: 0, EngineToo: true } => "engine",
        { Roles.Count: 0 } => "console",
        _ => string.Join(' ', Enum.GetValues<Role>().Where(role => access.Allows(Of(role), null)).Select(role => Name(role) + (access.Allows(Of(role), parties) ? "" : "*")))
            + (access.EngineToo ? " engine" : ""),
    };

    private static string Name(Role role) => role.ToString().ToLowerInvariant();

    private static Actor Of(Role role) => new(Guid.NewGuid(), Guid.NewGuid(), "x", new HashSet<Role> { role }, Via.Api);

    private static Actor Everything(Guid person) => new(Guid.NewGuid(), person, "x", Enum.GetValues<Role>().ToHashSet(), Via.Api);

    private static bool IsCommand(Type type) => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ICommand<>));

    private static Type? Held(Type type) => type.GetInterfaces().FirstOrDefault(face => face == typeof(IOnDeparture) || face == typeof(IOnPerson));

    private static Type? ResultOf(Type type) => type.GetInterfaces()
        .FirstOrDefault(face => face.IsGenericType && (face.GetGenericTypeDefinition() == typeof(ICommand<>) || face.GetGenericTypeDefinition() == typeof(IQuery<>)))?.GetGenericArguments()[0];

    private static void Set<T>(object command, T value)
    {
        foreach (var property in command.GetType().GetProperties().Where(property => property.PropertyType == typeof(T) && property.CanWrite))
        {
            property.SetValue(command, value);
        }
    }
}
