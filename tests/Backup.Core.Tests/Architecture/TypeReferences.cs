using System.Reflection;

namespace Backup.Core.Tests.Architecture;

/// <summary>Every type that another one mentions: in its bases, members, attributes, local variables and method bodies.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(type.BaseType, found);
        AddAll(type.GetInterfaces(), found);
        AddAttributes(type, found);
        foreach (var member in type.GetMembers(Declared))
        {
            AddAttributes(member, found);
            AddMember(member, found);
        }

        return found;
    }

    private static void AddMember(MemberInfo member, HashSet<Type> found)
    {
        switch (member)
        {
            case FieldInfo field:
                Add(field.FieldType, found);
                break;
            case MethodBase method:
                Add((method as MethodInfo)?.ReturnType, found);
                AddAll(method.GetParameters().Select(parameter => parameter.ParameterType), found);
                AddBody(method, found);
                break;
        }
    }

    private static void AddBody(MethodBase method, HashSet<Type> found)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        AddAll(body.LocalVariables.Select(local => local.LocalType), found);
        AddAll(body.ExceptionHandlingClauses
            .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType), found);
        foreach (var mentioned in MethodBodyTokens.Read(method, body))
        {
            Add(mentioned as Type ?? mentioned.DeclaringType, found);
            AddAll((mentioned as MethodInfo)?.GetGenericArguments() ?? [], found);
        }
    }

    private static void AddAttributes(MemberInfo member, HashSet<Type> found) =>
        AddAll(member.GetCustomAttributesData().Select(attribute => attribute.AttributeType), found);

    private static void AddAll(IEnumerable<Type?> types, HashSet<Type> found)
    {
        foreach (var type in types)
        {
            Add(type, found);
        }
    }

    private static void Add(Type? type, HashSet<Type> found)
    {
        while (type is { HasElementType: true })
        {
            type = type.GetElementType();
        }

        if (type is null or { IsGenericParameter: true })
        {
            return;
        }

        found.Add(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);
        AddAll(type.GenericTypeArguments, found);
    }
}
