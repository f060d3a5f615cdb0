package dev.turnout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.RegistryUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class RetryingDecoderTest {
  private final RuntimeException away = new RegistryUnavailableException("away", null);
  private final Deque<RuntimeException> failures = new ArrayDeque<>();

  private String decodedAfter(RuntimeException... inTurn) {
    failures.addAll(List.of(inTurn));
    RetryingDecoder<String> decoder =
        new RetryingDecoder<>(
            (topic, data) -> {
              RuntimeException next = failures.poll();
              if (next != null) {
                throw next;
              }
              return "read";
            },
            Duration.ofMillis(1));
    return String.valueOf(decoder.decode(new ConsumerRecord<>("t", 0, 0, null, new byte[] {1})));
  }

  @Test
  void shouldWaitOutARegistryThatIsAwayOrLetsNobodyIn() {
    assertThat(decodedAfter(away, new RegistryRefusedException("no", 401, 401), away))
        .isEqualTo("read");
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldNotWaitForAFaultyRecord() {
    assertThatThrownBy(() -> decodedAfter(new SerializationException("broken")))
        .hasMessage("broken");
  }

  @Test
  void shouldEndWaitingWhenInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> decodedAfter(away)).isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
