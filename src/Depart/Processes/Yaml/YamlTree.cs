using System.Runtime.InteropServices;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace Depart.Processes.Yaml;

/// <summary>Where something stands in a file, both from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct YamlPlace(int Line, int Column)
{
    public static YamlPlace Of(Mark mark) => new((int)mark.Line, (int)mark.Column);
}

/// <summary>A piece of a file: a text, a list or a mapping, each with its place.</summary>
internal abstract record YamlPiece(YamlPlace Place);

/// <summary>A scalar. <paramref name="Plain"/>: written without quotation marks, so that <c>true</c> is a yes and <c>~</c> is nothing.</summary>
internal sealed record YamlText(YamlPlace Place, string Value, bool Plain) : YamlPiece(Place)
{
    /// <summary>Nothing was written.</summary>
    public bool IsNothing => Plain && Value is "" or "~" or "null";
}

internal sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlPiece> Items) : YamlPiece(Place);

internal sealed record YamlMap(YamlPlace Place, IReadOnlyList<YamlEntry> Entries) : YamlPiece(Place);

internal sealed record YamlEntry(YamlText Key, YamlPiece Value);

/// <summary>
/// Reads one YAML document into pieces that know their place. Files are strangers': anchors and aliases (whose expansion has no bound), tags, deep nesting, several documents
/// and more than a megabyte are refused, and nothing of them is ever made into an object by its own wish.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Largest file, in bytes of UTF-8.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Deepest nesting; a process needs seven.</summary>
    public const int Deepest = 12;

    /// <summary>Most pieces in a file.</summary>
    public const int MostPieces = 50_000;

    private readonly Parser parser;
    private int pieces;

    private YamlTree(string text) => parser = new(new StringReader(text));

    /// <summary>The document's mapping, or why there is none.</summary>
    public static (YamlMap? Root, ProcessProblem? Problem) Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            return (null, new(new(1, 1), "", "too-large", ProcessesText.TooLarge.With(MostBytes / 1024 / 1024)));
        }

        var tree = new YamlTree(text);
        try
        {
            return (tree.Document(), null);
        }
        catch (Refused refused)
        {
            return (null, refused.Problem);
        }
        catch (YamlException error)
        {
            return (null, new(YamlPlace.Of(error.Start), "", "not-yaml", ProcessesText.NotYaml));
        }
        catch (InvalidOperationException)
        {
            // The parser loses its state over some flow mappings that are never closed, and says so in this way.
            return (null, new(YamlPlace.Of(tree.parser.Current?.End ?? Mark.Empty), "", "not-yaml", ProcessesText.NotYaml));
        }
    }

    private YamlMap Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.Accept<DocumentStart>(out _))
        {
            throw new Refused(new(1, 1), "empty", ProcessesText.Empty);
        }

        parser.Consume<DocumentStart>();
        if (Piece(1) is not YamlMap root)
        {
            throw new Refused(new(1, 1), "not-a-mapping", ProcessesText.NotMapping);
        }

        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out var more) ? root : throw new Refused(YamlPlace.Of(parser.Current!.Start), "several-documents", ProcessesText.SeveralDocuments);
    }

    private YamlPiece Piece(int depth)
    {
        var next = parser.Current!;
        var place = YamlPlace.Of(next.Start);
        if (depth > Deepest)
        {
            throw new Refused(place, "too-deep", ProcessesText.TooDeep.With(Deepest));
        }

        if (++pieces > MostPieces)
        {
            throw new Refused(place, "too-many", ProcessesText.TooManyPieces);
        }

        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw new Refused(place, "alias", ProcessesText.NoAlias);
        }

        if (next is NodeEvent { Tag.IsEmpty: false })
        {
            throw new Refused(place, "tag", ProcessesText.NoTag);
        }

        switch (next)
        {
            case ScalarEvent scalar:
                parser.MoveNext();
                return new YamlText(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                parser.MoveNext();
                return new YamlList(place, [.. Items(depth)]);
            case MappingStart:
                parser.MoveNext();
                return new YamlMap(place, [.. Entries(depth)]);
            default:
                throw new Refused(place, "not-yaml", ProcessesText.NotYaml);
        }
    }

    private IEnumerable<YamlPiece> Items(int depth)
    {
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            yield return Piece(depth + 1);
        }
    }

    private IEnumerable<YamlEntry> Entries(int depth)
    {
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Piece(depth + 1);
            yield return new(key as YamlText ?? throw new Refused(key.Place, "not-a-key", ProcessesText.NotKey), Piece(depth + 1));
        }
    }

    private sealed class Refused(YamlPlace place, string code, Foundation.Words why) : Exception(code)
    {
        public ProcessProblem Problem { get; } = new(place, "", code, why);
    }
}
