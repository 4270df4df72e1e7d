using System.Linq.Expressions;
using System.Reflection;
using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace Depart.Departures.Embargoes;

/// <summary>
/// Hides whatever belongs to a departure under embargo from everyone but the named few: one filter of the model, so that a page, query, count, search or refusal that does not exist yet hides
/// it too. A kind of row belongs to a departure when it bears its identifier, or that of something which does (a task, a disconnection), or a text of these names: <c>Chain</c>, <c>Group</c>,
/// <c>Subject</c>. What is in force is asked for within each statement: there is no moment in which an answer could be made of an older state.
/// </summary>
internal sealed class EmbargoRule : IReadingRule
{
    /// <summary>Name of the filter.</summary>
    public const string Name = "embargo";

    /// <summary>What says who is under embargo cannot be hidden by it: read by this room alone.</summary>
    private static readonly Type[] Apart = [typeof(Embargo), typeof(Confidant)];

    private static readonly MethodInfo ByWayOf = typeof(EmbargoRule).GetMethod(nameof(OfThat), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static readonly Expression<Func<DepartDb, DepartureId, bool>> OfDeparture = (db, id) => db.ReadsAll || !db.Set<Embargo>()
        .Where(embargo => embargo.LiftedAt == null && !db.Set<Confidant>().Any(confidant => confidant.Departure == embargo.Departure && confidant.User == db.Reader))
        .Select(embargo => embargo.Departure).Contains(id);

    private static readonly Expression<Func<DepartDb, string, bool>> OfChain = (db, chain) => db.ReadsAll || !db.Set<Embargo>()
        .Where(embargo => embargo.LiftedAt == null && !db.Set<Confidant>().Any(confidant => confidant.Departure == embargo.Departure && confidant.User == db.Reader))
        .Select(embargo => embargo.Chain).Contains(chain);

    private static readonly Expression<Func<DepartDb, string, bool>> OfGroup = (db, group) => db.ReadsAll || !db.Set<Embargo>()
        .Where(embargo => embargo.LiftedAt == null && !db.Set<Confidant>().Any(confidant => confidant.Departure == embargo.Departure && confidant.User == db.Reader))
        .Select(embargo => embargo.Group).Contains(group);

    private static readonly Dictionary<string, LambdaExpression> Texts = new(StringComparer.Ordinal) { ["Chain"] = OfChain, ["Group"] = OfGroup, ["Subject"] = OfGroup };

    public void Apply(ModelBuilder model, DepartDb db)
    {
        foreach (var (type, conditions) in Conditions(model.Model.GetEntityTypes().Where(entity => !Apart.Contains(entity.ClrType)).ToList()))
        {
            var row = Expression.Parameter(type, "row");
            var filter = conditions.Select(condition => Of(row, condition.Property, condition.Rule, db)).Aggregate(Expression.AndAlso);
            model.Entity(type).HasQueryFilter(Name, Expression.Lambda(filter, row));
        }
    }

    /// <summary>By which properties each kind of row belongs to a departure. Found until nothing more is: what bears the identifier of a hidden kind is hidden with it.</summary>
    private static Dictionary<Type, List<(PropertyInfo Property, LambdaExpression Rule)>> Conditions(IReadOnlyList<IMutableEntityType> entities)
    {
        var keys = new Dictionary<Type, LambdaExpression> { [typeof(DepartureId)] = OfDeparture };
        var found = new Dictionary<Type, List<(PropertyInfo, LambdaExpression)>>();
        for (var more = true; more;)
        {
            more = false;
            foreach (var entity in entities)
            {
                var type = entity.ClrType;
                found[type] =
                [
                    .. from property in entity.GetProperties().Select(mapped => mapped.PropertyInfo).OfType<PropertyInfo>()
                       let rule = property.PropertyType == typeof(string) ? Texts.GetValueOrDefault(property.Name)
                           : property.Name == "Id" && type != typeof(Departure) ? null
                           : keys.GetValueOrDefault(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                       where rule is not null
                       select (property, rule),
                ];
                if (found[type].Count > 0 && type.GetProperty("Id")?.PropertyType is { } id && IdentifierJson.IsIdentifier(id) && !keys.ContainsKey(id))
                {
                    keys[id] = (LambdaExpression)ByWayOf.MakeGenericMethod(type, id).Invoke(null, null)!;
                    more = true;
                }
            }
        }

        return found.Where(pair => pair.Value.Count > 0).ToDictionary();
    }

    /// <summary>What belongs to a row that is itself hidden or shown: the filter of that kind applies within.</summary>
    private static Expression<Func<DepartDb, TId, bool>> OfThat<T, TId>()
        where T : class
        where TId : struct
    {
        var (db, id, row) = (Expression.Parameter(typeof(DepartDb), "db"), Expression.Parameter(typeof(TId), "id"), Expression.Parameter(typeof(T), "row"));
        Expression<Func<DepartDb, IQueryable<T>>> rows = context => context.Set<T>();
        Expression<Func<DepartDb, bool>> all = context => context.ReadsAll;
        var any = Expression.Call(
            typeof(Queryable), nameof(Queryable.Any), [typeof(T)], ReplacingExpressionVisitor.Replace(rows.Parameters[0], db, rows.Body),
            Expression.Quote(Expression.Lambda<Func<T, bool>>(Expression.Equal(Expression.Property(row, "Id"), id), row)));
        return Expression.Lambda<Func<DepartDb, TId, bool>>(Expression.OrElse(ReplacingExpressionVisitor.Replace(all.Parameters[0], db, all.Body), any), db, id);
    }

    private static Expression Of(ParameterExpression row, PropertyInfo property, LambdaExpression rule, DepartDb db)
    {
        Expression value = Expression.Property(row, property);
        var absent = Nullable.GetUnderlyingType(property.PropertyType) is not null || property.PropertyType == typeof(string) ? Expression.Equal(value, Expression.Constant(null, property.PropertyType)) : null;
        var given = Nullable.GetUnderlyingType(property.PropertyType) is null ? value : Expression.Property(value, "Value");
        var body = ReplacingExpressionVisitor.Replace(rule.Parameters[0], Expression.Constant(db), ReplacingExpressionVisitor.Replace(rule.Parameters[1], given, rule.Body));
        return absent is null ? body : Expression.OrElse(absent, body);
    }
}
