package dev.turnout.registry.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.registry.FakeRegistry;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.schema.Grade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Any answer to any request: a schema, a schema that is unreadable for good, a refusal or an
 * outage, and nothing else.
 */
class RegistryAnswerFuzz {

  private static final int[] STATUS = {200, 204, 301, 401, 404, 409, 422, 429, 500, 501};

  private static FakeRegistry server;
  private static SchemaRegistryClient client;

  @BeforeAll
  static void start() throws IOException {
    server = FakeRegistry.start();
    client =
        SchemaRegistryClient.direct(Map.of("schema.registry.url", server.url(), "max.retries", 0));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The first byte chooses the request, the second the status; the rest is the body. */
  @FuzzTest(maxDuration = "5m")
  void shouldUnderstandOrRefuseAnyAnswer(byte[] input) {
    if (input.length < 2) {
      return;
    }
    server.answerOnly(
        STATUS[Byte.toUnsignedInt(input[1]) % STATUS.length],
        new String(input, 2, input.length - 2, StandardCharsets.UTF_8));
    try {
      Object answer =
          switch (Byte.toUnsignedInt(input[0]) % 5) {
            case 0 -> client.schemaById(7);
            case 1 -> client.latest("s");
            case 2 -> client.register("s", Grade.getClassSchema());
            case 3 -> client.idOf("s", Grade.getClassSchema());
            default -> client.compatibility("s");
          };
      assertThat(answer).isNotNull();
    } catch (SerializationException
        | RegistryRefusedException
        | RegistryUnavailableException failure) {
      assertThat(failure.getMessage()).isNotBlank();
    }
  }
}
