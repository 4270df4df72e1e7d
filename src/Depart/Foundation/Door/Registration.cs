using System.Reflection;
using Depart.Foundation.Engine;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Depart.Foundation.Door;

/// <summary>Finds handlers by scanning: nothing is registered by hand.</summary>
internal static class Registration
{
    /// <summary>Adds the dispatcher and every command, query and work handler of the assemblies.</summary>
    public static IServiceCollection AddDoor(this IServiceCollection services, params Assembly[] assemblies)
    {
        services.AddSingleton<SlowAnswers>();
        services.AddSingleton<Dispatcher>();
        services.TryAddScoped<ActorSlot>();
        services.AddScoped<RequestSlot>();
        services.AddScoped(provider => provider.GetRequiredService<ActorSlot>().Actor);
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false }))
        {
            foreach (var handles in type.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IHandler<,>)))
            {
                services.AddScoped(handles, type);
            }

            if (type.GetCustomAttribute<WorkKindAttribute>() is { } work)
            {
                services.AddKeyedScoped(typeof(IWorkHandler), work.Kind, type);
            }
        }

        return services;
    }
}
