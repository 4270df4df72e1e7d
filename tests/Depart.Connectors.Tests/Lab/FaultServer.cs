using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Depart.Connectors.Lab;

/// <summary>How a server that is broken behaves.</summary>
public enum Fault
{
    /// <summary>Nothing listens.</summary>
    Down,

    /// <summary>Accepts connections and never says a word.</summary>
    Hangs,

    /// <summary>Hangs up at once.</summary>
    HangsUp,

    /// <summary>Answers what no protocol knows.</summary>
    Garbage,
}

/// <summary>A broken server on this machine.</summary>
public sealed class FaultServer : IAsyncDisposable
{
    private readonly TcpListener? listener;
    private readonly CancellationTokenSource ended = new();
    private readonly Fault fault;

    public FaultServer(Fault fault)
    {
        this.fault = fault;
        Endpoint = new("127.0.0.1", LabRun.FreePort());
        if (fault != Fault.Down)
        {
            listener = new(IPAddress.Loopback, Endpoint.Port);
            listener.Start();
            _ = ServeAsync();
        }
    }

    /// <summary>Where it is.</summary>
    public LabEndpoint Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener?.Dispose();
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await listener!.AcceptTcpClientAsync(ended.Token);
                open.Add(client);
                if (fault == Fault.Garbage)
                {
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes("\u0000\u00ff\u0016 c’est n’importe quoi\r\n\r\n".Normalize()), ended.Token);
                }

                if (fault is Fault.HangsUp or Fault.Garbage)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            open.ForEach(client => client.Dispose());
        }
    }
}

/// <summary>An address and a port.</summary>
public sealed record LabEndpoint(string Address, int Port);
