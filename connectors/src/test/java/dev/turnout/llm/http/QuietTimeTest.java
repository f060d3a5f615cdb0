package dev.turnout.llm.http;

import static dev.turnout.llm.http.ChatSamples.chat;
import static dev.turnout.llm.http.ChatSamples.client;
import static dev.turnout.llm.http.ChatSamples.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.llm.LlmException;
import dev.turnout.llm.failure.RetryAfter;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietTimeTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String HI = "{\"messages\":[]}";
  private static final String ANSWER = "{\"choices\":[{\"message\":{\"content\":\"Because.\"}}]}";

  private final StubLlmServer server = StubLlmServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldWaitUntilTheServerMayBeAskedAgain() {
    // given
    server.then(429, Map.of("Retry-After", "2"), "{}").then(200, ANSWER);
    HttpLlmClient client = client(server);

    // when
    assertThat(client.complete(chat(false, HI)).join().answer()).isEqualTo("Because.");

    // then
    assertThat(Duration.between(server.asked().get(0).at(), server.asked().get(1).at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1_900));
  }

  @Test
  void shouldNotWaitBeyondTheDeadlineNorLetOthersAsk() {
    // given
    server.then(429, Map.of("Retry-After", "12"), "{}").then(200, ANSWER);
    HttpLlmClient client = client(server);
    Instant start = Instant.now();

    // when
    LlmException told = failure(client.complete(chat(false, HI, Duration.ofSeconds(9))));
    LlmException another = failure(client.complete(chat(false, HI, Duration.ofSeconds(9))));

    // then: one call, two explained failures, at once
    assertThat(server.asked()).hasSize(1);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(8));
    for (LlmException failure : List.of(told, another)) {
      assertThat(failure.kind()).isEqualTo(LlmException.Kind.TRANSIENT);
      LlmException.Refusal refusal = Objects.requireNonNull(failure.refusal());
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(12));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Retry-After, 12, 12000",
    "Retry-After, 0.5, 500",
    "Retry-After, -3, 0",
    "Retry-After, 1e300, 3600000",
    "retry-after-ms, 250, 250",
  })
  void shouldReadHowLong(String name, String value, long millis) {
    assertThat(RetryAfter.of(headers(name, value), NOW)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void shouldReadADate() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plusSeconds(90).atOffset(ZoneOffset.UTC));

    assertThat(RetryAfter.of(headers("Retry-After", date), NOW)).isEqualTo(Duration.ofSeconds(90));
    assertThat(RetryAfter.of(headers("Retry-After", "soon"), NOW)).isNull();
    assertThat(RetryAfter.of(headers("Other", "1"), NOW)).isNull();
  }

  private static HttpHeaders headers(String name, String value) {
    return HttpHeaders.of(Map.of(name, List.of(value)), (header, text) -> true);
  }
}
