package dev.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.app.quickstart.Await;
import dev.turnout.app.quickstart.Quickstart;
import dev.turnout.app.quickstart.QuickstartOptions;
import dev.turnout.encoder.EncoderSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the quickstart tells people to copy into a terminal, copied. */
@Timeout(180)
class QuickstartApiIT {
  private static final String REAL = "my/model";
  private static final Pattern API = Pattern.compile("base URL (http://\\S+/v1)");

  @Test
  void shouldAnswerAsItsOwnLinesSayAndByTheEndpointThatWasGiven() throws Exception {
    // given a server of somebody's own
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", QuickstartApiIT::answer);
    server.start();
    URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort() + "/v1");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Quickstart quickstart =
        new Quickstart(
            new QuickstartOptions(
                null,
                Map.of(REAL, endpoint),
                QuickstartOptions.SERVE_ONLY,
                1,
                0,
                0,
                0,
                0,
                EncoderSettings.staticEncoder(),
                "argmax",
                100,
                false,
                1,
                false),
            new PrintWriter(printed, true, StandardCharsets.UTF_8));
    try (quickstart) {
      CompletableFuture<?> running =
          CompletableFuture.runAsync(
              () -> {
                try {
                  assertThat(quickstart.run().published()).isZero();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(
              Await.until(
                  () -> running.isDone() || API.matcher(text(printed)).find(),
                  Duration.ofSeconds(90)))
          .isTrue();
      Matcher api = API.matcher(text(printed));
      assertThat(api.find()).as(text(printed)).isTrue();

      // when
      JsonNode routed = ask(api.group(1), "auto");
      JsonNode chosen = ask(api.group(1), REAL);

      // then
      assertThat(content(routed)).isNotBlank();
      assertThat(content(chosen)).isEqualTo("said by the real one");
      assertThat(text(printed)).contains("curl -s " + api.group(1), "python3 -c");
      quickstart.stop();
      Object unusedEnd = running.get(60, TimeUnit.SECONDS);
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] asked = exchange.getRequestBody().readAllBytes();
    byte[] answer =
        """
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
         "choices": [{"index": 0, "finish_reason": "stop",
           "message": {"role": "assistant", "content": "said by the real one"}}],
         "usage": {"prompt_tokens": %d, "completion_tokens": 5, "total_tokens": 6}}"""
            .formatted(asked.length)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static JsonNode ask(String base, String model) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(base + "/chat/completions"))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(60))
                    .POST(
                        BodyPublishers.ofString(
                            "{\"model\": \""
                                + model
                                + "\", \"messages\": [{\"role\": \"user\", \"content\": \"Why?\"}]}"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  private static String content(JsonNode answer) {
    return answer.at("/choices/0/message/content").asText();
  }

  private static String text(ByteArrayOutputStream printed) {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
