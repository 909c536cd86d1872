using System.ComponentModel;
using System.Text;

namespace Backup.Core.Tests.Architecture;

public sealed class TypeReferencesTests
{
    [Theory]
    [InlineData(typeof(Uri))]
    [InlineData(typeof(StringBuilder))]
    [InlineData(typeof(Stack<>))]
    [InlineData(typeof(Version))]
    [InlineData(typeof(FormatException))]
    [InlineData(typeof(DescriptionAttribute))]
    public void Of_TypeMentionedSomewhere_IsFound(Type mentioned) => Assert.Contains(mentioned, TypeReferences.Of(typeof(Sample)));

    [Description("Only an example of an attribute.")]
    private abstract class Sample
    {
        public Uri[]? Field { get; set; }

        public abstract Stack<Version> Signature();

        public string Body(object value)
        {
            try
            {
                return new StringBuilder().Append(value).ToString() + Field?.Length;
            }
            catch (FormatException)
            {
                return "";
            }
        }
    }
}
