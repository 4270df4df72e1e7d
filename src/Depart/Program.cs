using Depart.Interfaces.CommandLine;

return await Terminal.RunAsync(args);
