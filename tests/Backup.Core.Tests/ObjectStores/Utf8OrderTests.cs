using System.Text;
using Backup.Core.ObjectStores;
using CsCheck;

namespace Backup.Core.Tests.ObjectStores;

public sealed class Utf8OrderTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
            Gen.Int[0x20, 0x7e], Gen.Int[0x80, 0x7ff], Gen.Int[0xe000, 0xffff], Gen.Int[0x10000, 0x10ffff])
        .Select(char.ConvertFromUtf32)
        .Array[0, 4]
        .Select(parts => string.Concat(parts));

    [Fact]
    public void Compare_AnyTwoTexts_OrdersAsTheirBytes() =>
        Gen.Select(Text, Text).Sample((left, right) =>
            Math.Sign(Utf8Order.Instance.Compare(left, right))
                == Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))));
}
