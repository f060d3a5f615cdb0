package dev.turnout.local.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Any body to any request: an answer or a refusal with a code, soon, and never a failure of ours.
 */
class RegistryServerFuzz {

  private static final String[][] REQUESTS = {
    {"POST", "/subjects/s/versions"},
    {"POST", "/subjects/t/versions"},
    {"POST", "/subjects/s"},
    {"POST", "/compatibility/subjects/s/versions?verbose=true"},
    {"POST", "/compatibility/subjects/s/versions/latest"},
    {"PUT", "/config/s"},
    {"PUT", "/mode/s"},
    {"DELETE", "/subjects/s"},
    {"DELETE", "/subjects/s?permanent=true"},
    {"DELETE", "/subjects/t/versions/latest"},
    {"GET", "/schemas?deleted=true"},
  };
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static InProcessRegistry registry;

  @BeforeAll
  static void start() {
    registry = InProcessRegistry.start(0, null);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  /** The first byte chooses the request; the rest is its body. */
  @FuzzTest(maxDuration = "5m")
  void shouldAnswerOrRefuseAnyBody(byte[] input) throws IOException, InterruptedException {
    if (input.length == 0) {
      return;
    }
    String[] request = REQUESTS[Byte.toUnsignedInt(input[0]) % REQUESTS.length];

    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(registry.url() + request[1]))
                .timeout(Duration.ofSeconds(20))
                .method(
                    request[0],
                    BodyPublishers.ofByteArray(Arrays.copyOfRange(input, 1, input.length)))
                .build(),
            BodyHandlers.ofString());

    if (response.statusCode() == 200) {
      assertThat(JSON.readTree(response.body()).isMissingNode()).isFalse();
    } else {
      assertThat(response.statusCode()).as(response.body()).isNotEqualTo(500);
      assertThat(JSON.readTree(response.body()).path("error_code").asInt()).isPositive();
      assertThat(JSON.readTree(response.body()).path("message").isTextual()).isTrue();
    }
  }
}
