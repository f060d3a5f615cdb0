package dev.turnout.router.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.schema.Query;
import dev.turnout.topic.DeadLetterReason;
import java.net.ConnectException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class QueryIntakeTest {
  private static final byte[] ANY = {1, 2, 3};

  private static QueryIntake failingWith(RuntimeException failure) {
    Deserializer<Query> deserializer =
        (topic, data) -> {
          throw failure;
        };
    return new QueryIntake("queries", deserializer, new TextCheck(100));
  }

  @Test
  void shouldNotBlameTheRecordForAnUnreachableRegistry() {
    assertThatThrownBy(() -> failingWith(new RegistryUnavailableException("down", null)).read(ANY))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldSeeAnOutageBehindAnotherSerdesException() {
    RuntimeException wrapped =
        new SerializationException("cannot fetch schema", new ConnectException("refused"));
    assertThatThrownBy(() -> failingWith(wrapped).read(ANY))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("cannot fetch schema");
  }

  @Test
  void shouldTellUnknownSchemasFromBrokenBytes() {
    assertThat(failingWith(new UnknownSchemaException("id 7")).read(ANY))
        .isEqualTo(IntakeResult.refused(DeadLetterReason.UNKNOWN_SCHEMA, "id 7"));
    assertThat(failingWith(new SerializationException("broken")).read(ANY))
        .isEqualTo(IntakeResult.refused(DeadLetterReason.UNDECODABLE, "broken"));
  }
}
