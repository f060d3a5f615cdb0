package dev.turnout.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.rest.RegistrySettings;
import dev.turnout.registry.rest.RestRegistryClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class CachingRegistryClientTest {

  private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);
  private static final int CAPACITY = 10;

  private final CountingRegistry registry = new CountingRegistry();
  private final AtomicLong now = new AtomicLong();

  @Test
  void shouldAskForAKnownSchemaOnce() {
    SchemaRegistryClient client = client(Map.of());

    for (int i = 0; i < 3; i++) {
      assertThat(client.schemaById(7)).isEqualTo(SCHEMA);
      assertThat(client.register("s", SCHEMA)).isEqualTo(1);
      assertThat(client.idOf("s", SCHEMA)).isEqualTo(1);
      assertThat(client.latest("s").id()).isEqualTo(1);
    }

    assertThat(registry.asked).isEqualTo(4);
  }

  @Test
  void shouldRememberNoMoreSchemasThanItsCapacity() {
    // given
    SchemaRegistryClient client = client(Map.of());
    for (int id = 1; id <= 1_000; id++) {
      client.schemaById(id);
    }

    // when
    for (int id = 1; id <= 1_000; id++) {
      client.schemaById(id);
    }

    // then
    assertThat(registry.asked).isGreaterThanOrEqualTo(2_000 - CAPACITY);
  }

  @Test
  void shouldRememberForAWhileThatAnIdIsUnknown() {
    // given
    SchemaRegistryClient client = client(Map.of("missing.id.cache.ttl.sec", "5"));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> client.schemaById(-1)).isInstanceOf(UnknownSchemaException.class);
    }
    assertThat(registry.asked).isEqualTo(1);

    // when
    now.set(TimeUnit.SECONDS.toNanos(5));

    // then
    assertThatThrownBy(() -> client.schemaById(-1)).isInstanceOf(UnknownSchemaException.class);
    assertThat(registry.asked).isEqualTo(2);
  }

  @Test
  void shouldReadASchemaThatIsRegisteredLater() throws IOException {
    try (FakeRegistry server = FakeRegistry.start()) {
      // given
      server
          .answering(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}")
          .answering(200, "{\"schema\":\"\\\"string\\\"\"}");
      RegistrySettings settings =
          RegistrySettings.from(Map.of("schema.registry.url", server.url()));
      SchemaRegistryClient client =
          new CachingRegistryClient(new RestRegistryClient(settings), settings, now::get);
      assertThatThrownBy(() -> client.schemaById(7)).isInstanceOf(UnknownSchemaException.class);

      // when
      now.set(settings.missingIdTtl().toNanos() + 1);

      // then
      assertThat(client.schemaById(7)).isEqualTo(SCHEMA);
    }
  }

  @Test
  void shouldAskForTheLatestVersionAgainAfterItsTime() {
    // given
    SchemaRegistryClient client = client(Map.of("latest.cache.ttl.sec", "30"));
    client.latest("s");
    client.latest("s");
    assertThat(registry.asked).isEqualTo(1);

    // when
    now.set(TimeUnit.SECONDS.toNanos(30));
    client.latest("s");

    // then
    assertThat(registry.asked).isEqualTo(2);
  }

  private SchemaRegistryClient client(Map<String, String> config) {
    Map<String, String> all = new HashMap<>(config);
    all.put("schema.registry.url", "http://localhost:1");
    all.put("max.schemas.per.subject", Integer.toString(CAPACITY));
    return new CachingRegistryClient(registry, RegistrySettings.from(all), now::get);
  }

  private static final class CountingRegistry implements SchemaRegistryClient {
    private int asked;

    @Override
    public int register(String subject, Schema schema) {
      asked++;
      return 1;
    }

    @Override
    public int idOf(String subject, Schema schema) {
      asked++;
      return 1;
    }

    @Override
    public Schema schemaById(int id) {
      asked++;
      if (id < 0) {
        throw new UnknownSchemaException("schema id " + id + " is unknown");
      }
      return SCHEMA;
    }

    @Override
    public RegisteredSchema latest(String subject) {
      asked++;
      return new RegisteredSchema(subject, 1, 1, SCHEMA);
    }

    @Override
    public Optional<String> compatibility(String subject) {
      return Optional.empty();
    }

    @Override
    public void compatibility(String subject, String level) {}
  }
}
