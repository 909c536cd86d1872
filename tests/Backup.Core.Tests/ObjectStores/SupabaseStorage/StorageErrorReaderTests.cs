using System.Net;
using System.Text;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>The bodies are those that the real server sent, unless a comment says otherwise.</summary>
public sealed class StorageErrorReaderTests
{
    private const string Json = "application/json; charset=utf-8";
    private const string Key = "secret-key-of-the-project";

    [Theory]
    [InlineData(400, """{"statusCode":"404","error":"not_found","message":"Object not found","code":"NoSuchKey"}""", ObjectStoreError.ObjectNotFound, 404, "NoSuchKey")]
    [InlineData(400, """{"statusCode":"404","error":"Not found","message":"The resource was not found","code":"NoSuchKey"}""", ObjectStoreError.ObjectNotFound, 404, "NoSuchKey")]
    [InlineData(400, """{"statusCode":"404","error":"Bucket not found","message":"Bucket not found","code":"NoSuchBucket"}""", ObjectStoreError.BucketNotFound, 404, "NoSuchBucket")]
    [InlineData(400, """{"statusCode":"409","error":"Duplicate","message":"The resource already exists","code":"KeyAlreadyExists"}""", ObjectStoreError.AlreadyExists, 409, "KeyAlreadyExists")]
    [InlineData(400, """{"statusCode":"409","error":"Duplicate","message":"The resource already exists","code":"BucketAlreadyExists"}""", ObjectStoreError.AlreadyExists, 409, "BucketAlreadyExists")]
    [InlineData(400, """{"statusCode":"413","error":"Payload too large","message":"The object exceeded the maximum allowed size","code":"EntityTooLarge"}""", ObjectStoreError.TooLarge, 413, "EntityTooLarge")]
    [InlineData(400, """{"statusCode":"415","error":"invalid_mime_type","message":"mime type text/plain is not supported","code":"InvalidMimeType"}""", ObjectStoreError.InvalidMediaType, 415, "InvalidMimeType")]
    [InlineData(400, """{"statusCode":"400","error":"InvalidKey","message":"Invalid key: a~b.txt","code":"InvalidKey"}""", ObjectStoreError.InvalidName, 400, "InvalidKey")]
    [InlineData(400, """{"statusCode":"400","error":"Invalid Input","message":"Bucket name invalid","code":"InvalidBucketName"}""", ObjectStoreError.InvalidName, 400, "InvalidBucketName")]
    [InlineData(400, """{"statusCode":"403","error":"Unauthorized","message":"new row violates row-level security policy","code":"AccessDenied"}""", ObjectStoreError.AccessDenied, 403, "AccessDenied")]
    [InlineData(400, """{"statusCode":"400","error":"Error","message":"headers must have required property 'authorization'","code":"InvalidRequest"}""", ObjectStoreError.AccessDenied, 400, "InvalidRequest")]
    [InlineData(400, """{"statusCode":"400","error":"Error","message":"body/limit must be >= 1","code":"InvalidRequest"}""", ObjectStoreError.Other, 400, "InvalidRequest")]
    [InlineData(403, """{"statusCode":"403","error":"Unauthorized","message":"Access denied: Invalid role","code":"AccessDenied"}""", ObjectStoreError.AccessDenied, 403, "AccessDenied")]
    [InlineData(413, """{"statusCode":"413","error":"FastifyError","message":"Request body is too large","code":"EntityTooLarge"}""", ObjectStoreError.TooLarge, 413, "EntityTooLarge")]
    [InlineData(416, """{"statusCode":"416","error":"invalid_range","message":"invalid range provided","code":"InvalidRange"}""", ObjectStoreError.Other, 416, "InvalidRange")]
    [InlineData(400, """{"error":"Bad Request","code":"FST_ERR_BAD_URL","message":"'/object/names/a%FF.txt' is not a valid url component","statusCode":400}""", ObjectStoreError.Other, 400, "FST_ERR_BAD_URL")]
    [InlineData(431, """{"error":"Request Header Fields Too Large","message":"Exceeded maximum allowed HTTP header size","statusCode":431}""", ObjectStoreError.TooLarge, 431, null)]
    [InlineData(404, """{"message":"Route GET:/storage/v1/bucket not found","error":"Not Found","statusCode":404}""", ObjectStoreError.Other, 404, null)]
    [InlineData(404, """{"statusCode":"404","error":"Not Found","message":"Route GET:/object not found","code":"InvalidRequest"}""", ObjectStoreError.Other, 404, "InvalidRequest")]
    [InlineData(500, """{"statusCode":"500","error":"DatabaseError","message":"database error, code: 22023","code":"DatabaseError"}""", ObjectStoreError.AccessDenied, 500, "DatabaseError")]
    public async Task Read_RecordedBodyOfADefiniteRefusal_GivesTheTrueStatusAndCode(
        int http, string body, ObjectStoreError error, int status, string? code)
    {
        var exception = await ReadAsync(http, body);

        Assert.Equal((error, (int?)status, code, false), (exception.Error, exception.Status, exception.Code, exception.IsTransient));
        Assert.Contains(((HttpStatusCode)status is HttpStatusCode.OK ? http : status).ToString(System.Globalization.CultureInfo.InvariantCulture), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, """{"statusCode":"429","error":"too_many_connections","message":"Too many connections issued to the database","code":"SlowDown"}""", 429)]
    [InlineData(500, """{"statusCode":"500","error":"Internal","message":"Internal Server Error","code":"InternalError"}""", 500)]
    [InlineData(544, """{"statusCode":"544","error":"DatabaseTimeout","message":"The connection to the database timed out","code":"DatabaseTimeout"}""", 544)]

    // Not recorded: the same bodies behind an HTTP 400, as the server sends other errors, and what gateways send.
    [InlineData(400, """{"statusCode":"429","error":"too_many_connections","message":"Too many connections issued to the database","code":"SlowDown"}""", 429)]
    [InlineData(400, """{"statusCode":"544","error":"DatabaseTimeout","message":"The connection to the database timed out","code":"DatabaseTimeout"}""", 544)]
    [InlineData(400, """{"statusCode":"500","error":"Internal","message":"Internal Server Error"}""", 500)]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head></html>", 502)]
    [InlineData(503, "upstream connect error", 503)]
    [InlineData(520, "", 520)]
    public async Task Read_PassingRefusal_IsTransientWhereverItsStatusStands(int http, string body, int status)
    {
        var exception = await ReadAsync(http, body);

        Assert.Equal((ObjectStoreError.Unavailable, (int?)status, true), (exception.Error, exception.Status, exception.IsTransient));
        Assert.NotNull(exception.Hint);
        using var response = Response(http, body);
        Assert.True(await StorageErrorReader.IsTransientAsync(response, default));
    }

    [Theory]
    [InlineData("\"exp\" claim timestamp check failed", "has expired")]
    [InlineData("signature verification failed", "another project")]
    [InlineData("Invalid Compact JWS", "service_role token")]
    [InlineData("Access denied: Invalid role", "service key")]
    public async Task Read_RefusedKey_HintsAtWhatIsWrongWithIt(string message, string hint)
    {
        var body = $$"""{"statusCode":"403","error":"Unauthorized","message":{{System.Text.Json.JsonSerializer.Serialize(message)}},"code":"AccessDenied"}""";

        var exception = await ReadAsync(400, body);

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Contains(hint, exception.Hint, StringComparison.Ordinal);
    }

    // The gateway's words, which the contract does not hold.
    [Theory]
    [InlineData("""{"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}""")]
    [InlineData("""{"message":"No API key found in request"}""")]
    [InlineData("")]
    public async Task Read_GatewayRefusesTheKey_IsAccessDenied(string body)
    {
        var exception = await ReadAsync(401, body);

        Assert.Equal((ObjectStoreError.AccessDenied, 401), (exception.Error, exception.Status));
    }

    [Theory]
    [InlineData(404, "<!doctype html>\n<title>Not found</title>", "text/html")]
    [InlineData(404, "404 page not found", "text/plain")]
    [InlineData(404, "", null)]
    [InlineData(405, "<html>nginx</html>", "text/html")]
    [InlineData(301, "", null)]
    public async Task Read_AnswerOfSomethingElse_HintsAtTheAddressAndIsNoMissingObject(int http, string body, string? type)
    {
        var exception = await ReadAsync(http, body, type);

        Assert.Equal(ObjectStoreError.Other, exception.Error);
        Assert.False(exception.IsTransient);
        Assert.Contains("address", exception.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(540, "paused")]
    [InlineData(402, "quota")]
    public async Task Read_PlatformHoldsTheProjectBack_SaysSoAndIsDefinite(int http, string hint)
    {
        var exception = await ReadAsync(http, "");

        Assert.False(exception.IsTransient);
        Assert.Contains(hint, exception.Hint, StringComparison.Ordinal);
    }

    // As servers before the codes were brought in answer; not recorded.
    [Theory]
    [InlineData("""{"statusCode":"404","error":"not_found","message":"Object not found"}""", ObjectStoreError.ObjectNotFound)]
    [InlineData("""{"statusCode":"404","error":"Bucket not found","message":"Bucket not found"}""", ObjectStoreError.BucketNotFound)]
    [InlineData("""{"statusCode":"409","error":"Duplicate","message":"The resource already exists"}""", ObjectStoreError.AlreadyExists)]
    [InlineData("""{"statusCode":"401","error":"Invalid JWT","message":"jwt expired"}""", ObjectStoreError.AccessDenied)]
    public async Task Read_BodyWithoutCode_IsUnderstoodByItsStatusAndWords(string body, ObjectStoreError error) =>
        Assert.Equal(error, (await ReadAsync(400, body)).Error);

    [Theory]
    [InlineData("""{"statusCode":{"a":1},"error":["x"],"message":7,"code":null}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"statusCode":"200","message":""}""")]
    [InlineData("""{"statusCode":"99999999999999999999"}""")]
    [InlineData("""{"message":"\ud800"}""")]
    public async Task Read_StrangeBody_FallsBackOnTheHttpStatus(string body)
    {
        var exception = await ReadAsync(400, body);

        Assert.Equal((ObjectStoreError.Other, 400), (exception.Error, exception.Status));
    }

    [Fact]
    public async Task Read_LongMessageOfManyLinesWithTheKeyInIt_IsOneLineWithoutTheKey()
    {
        var body = $$"""{"statusCode":"400","message":"first\nsecond\tkey {{Key}} {{new string('x', 5000)}}","code":"{{Key}}"}""";

        var exception = await ReadAsync(400, body);

        Assert.DoesNotContain(Key, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, exception.Code, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.InRange(exception.Message.Length, 1, 500);
    }

    [Fact]
    public async Task Read_Redirect_NamesTheHostAndNothingMoreOfTheTarget()
    {
        using var response = Response(308, string.Empty, null);
        response.Headers.Location = new Uri("https://elsewhere.example/path?token=abc");

        var exception = await StorageErrorReader.ReadAsync(response, Call(), Key, default);

        Assert.Contains("https://elsewhere.example", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<ObjectStoreException> ReadAsync(int http, string body, string? type = Json)
    {
        using var response = Response(http, body, type);
        return await StorageErrorReader.ReadAsync(response, Call(), Key, default);
    }

    private static ApiCall Call() => new(HttpMethod.Get, new Uri("http://host"), "download 'a\nb' of bucket 'x'", "x/a\nb");

    private static HttpResponseMessage Response(int http, string body, string? type = Json)
    {
        var response = new HttpResponseMessage((HttpStatusCode)http) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (type is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return response;
    }
}
