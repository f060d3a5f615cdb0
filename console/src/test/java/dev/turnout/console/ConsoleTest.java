package dev.turnout.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.gateway.access.KeyDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsoleTest {
  private static final String SECRET = "tk-of-an-administrator";
  private static final String EVIL = "<img src=x onerror=\"alert('x')\">";

  private final FakePage page = new FakePage();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Console> started = new ArrayList<>();

  @AfterEach
  void close() {
    started.forEach(Console::close);
  }

  private Console console(List<String> tokens, boolean loopback) {
    Console console =
        Console.start(
            new ConsoleParts(
                KeyDirectory.ofTokens(tokens, Clock.systemUTC()),
                new FakeState(),
                List::of,
                () -> {}),
            List.of(page),
            "localhost",
            0,
            loopback);
    started.add(console);
    return console;
  }

  private HttpResponse<String> get(Console console, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console.url() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(Console console, String path, String form, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(console.url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void shouldEscapeWhateverComesFromOutside() throws Exception {
    // given
    Console console = console(List.of(), true);

    // when
    HttpResponse<String> shown =
        get(console, "/fake?q=" + URLEncoder.encode(EVIL, StandardCharsets.UTF_8));

    // then
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body())
        .contains("<p title=\"&lt;img src=x onerror=&quot;")
        .contains("&lt;img src=x")
        .doesNotContain("<img");
  }

  @Test
  void shouldForbidInlineScriptsAndForeignAddresses() throws Exception {
    // given
    Console console = console(List.of(), true);

    // when
    HttpResponse<String> shown = get(console, "/fake");

    // then
    String policy = shown.headers().firstValue("Content-Security-Policy").orElse("");
    assertThat(policy)
        .contains("default-src 'none'")
        .contains("script-src 'self';")
        .contains("style-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("http");
    assertThat(shown.body()).doesNotContain("style=").doesNotContain("//cdn");
    assertThat(shown.body().replaceAll("<script src=\"/assets/[^>]*></script>", ""))
        .doesNotContain("<script");
  }

  @Test
  void shouldServeItsFilesForGood() throws Exception {
    // given
    Console console = console(List.of(), true);
    String body = get(console, "/fake").body();
    String style = body.replaceFirst("(?s).*href=\"(/assets/[^\"]*console.css)\".*", "$1");

    // when
    HttpResponse<String> file = get(console, style);
    HttpResponse<String> older = get(console, style.replaceFirst("/assets/[^/]*/", "/assets/0/"));
    HttpResponse<String> none = get(console, "/assets/0/..%2fConsole.class");

    // then
    assertThat(file.headers().firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
    assertThat(older.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(none.statusCode()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void shouldChangeNothingWithoutAKey() throws Exception {
    // given
    Console console = console(List.of(SECRET), true);
    Console keyless = console(List.of(), true);

    // when
    HttpResponse<String> nobody =
        post(console, "/fake/do", "what=harm", "Sec-Fetch-Site", "same-origin");
    HttpResponse<String> wrong =
        post(console, "/fake/do", "what=harm", "Authorization", "Bearer tk-wrong");
    HttpResponse<String> noKeys =
        post(keyless, "/fake/do", "what=harm", "Sec-Fetch-Site", "same-origin");

    // then
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(noKeys.statusCode()).isEqualTo(401);
    assertThat(noKeys.body()).contains("turnout keys create");
    assertThat(page.done).isEmpty();
  }

  @Test
  void shouldDoWhatAnAdministratorWants() throws Exception {
    // given
    Console console = console(List.of(SECRET), true);

    // when
    HttpResponse<String> done =
        post(console, "/fake/do", "what=good", "Authorization", "Bearer " + SECRET);
    HttpResponse<String> unclear =
        post(console, "/fake/do", "", "Authorization", "Bearer " + SECRET);

    // then
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(page.done).containsExactly("good");
    String shown = get(console, done.headers().firstValue("Location").orElseThrow()).body();
    assertThat(shown).contains("Did good.").contains("role=\"status\"");
    assertThat(unclear.statusCode()).isEqualTo(400);
    assertThat(unclear.body()).contains("Say what to do.");
  }

  @Test
  void shouldKeepASignedInBrowserApartFromOtherSites() throws Exception {
    // given
    Console console = console(List.of(SECRET), true);
    HttpResponse<String> in =
        post(console, "/key", "secret=" + SECRET, "Sec-Fetch-Site", "same-origin");
    String setCookie = in.headers().firstValue("Set-Cookie").orElse("");
    String cookie = setCookie.replaceFirst(";.*", "");

    // when
    HttpResponse<String> foreign =
        post(console, "/fake/do", "what=harm", "Cookie", cookie, "Origin", "http://evil.example");
    HttpResponse<String> own =
        post(console, "/fake/do", "what=good", "Cookie", cookie, "Origin", console.url());
    HttpResponse<String> out =
        post(console, "/key/out", "", "Cookie", cookie, "Origin", console.url());
    HttpResponse<String> after =
        post(console, "/fake/do", "what=late", "Cookie", cookie, "Origin", console.url());

    // then
    assertThat(setCookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain(SECRET);
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(own.statusCode()).isEqualTo(303);
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(after.statusCode()).isEqualTo(401);
    assertThat(page.done).containsExactly("good");
  }

  @Test
  void shouldAskReadersForAKeyWhereOthersCanReachIt() throws Exception {
    // given
    Console console = console(List.of(SECRET), false);

    // when
    HttpResponse<String> nobody = get(console, "/fake");
    HttpResponse<String> updates = get(console, "/fake/updates");
    HttpResponse<String> reader = get(console, "/fake", "x-api-key", SECRET);

    // then
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.body()).contains("name=\"secret\"").doesNotContain("changing");
    assertThat(updates.statusCode()).isEqualTo(401);
    assertThat(reader.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldNotAnswerAForeignNameThatResolvesToThisMachine() throws Exception {
    // given
    Console console = console(List.of(), true);
    URI url = URI.create(console.url());

    // when
    String answer;
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /fake HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    // then
    assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("changing");
  }

  @Test
  void shouldSendAFragmentWheneverItChanges() throws Exception {
    // given
    Console console = console(List.of(), true);

    // when
    try (BufferedReader updates = updates(console)) {
      String first = next(updates);
      page.changing = "second " + EVIL;
      String second = next(updates);

      // then
      assertThat(first).isEqualTo("data: {\"changing\":\"<p>first</p>\"}");
      assertThat(second).contains("<p>second &lt;img").doesNotContain("<img");
    }
  }

  private BufferedReader updates(Console console) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(console.url() + "/fake/updates")).build();
    InputStream body = client.send(request, BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader updates) throws IOException {
    String line = updates.readLine();
    while (line != null && !line.startsWith("data:")) {
      line = updates.readLine();
    }
    return String.valueOf(line);
  }
}
