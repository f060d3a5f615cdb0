package dev.turnout.router;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.registry.RegistryUnavailableException;
import org.junit.jupiter.api.Test;

class ThreadReplacementTest {
  private final SetClock clock = new SetClock();
  private final ThreadReplacement replacement =
      new ThreadReplacement(2, RouterMetrics.unobserved(), clock);

  @Test
  void shouldGiveUpAfterTooManyDeathsInAShortTime() {
    assertThat(replacement.handle(new IllegalStateException("1"))).isEqualTo(REPLACE_THREAD);
    assertThat(replacement.handle(new IllegalStateException("2"))).isEqualTo(REPLACE_THREAD);
    assertThat(replacement.handle(new IllegalStateException("3"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void shouldForgetDeathsOfLongAgo() {
    // given
    replacement.handle(new IllegalStateException("1"));
    replacement.handle(new IllegalStateException("2"));

    // when
    clock.advance(RouterSettings.REPLACEMENT_WINDOW.plusMillis(1));

    // then
    assertThat(replacement.handle(new IllegalStateException("3"))).isEqualTo(REPLACE_THREAD);
  }

  @Test
  void shouldWaitForAnOutageHoweverLongItLasts() {
    for (int i = 0; i < 4; i++) {
      assertThat(
              replacement.handle(
                  new IllegalStateException(new RegistryUnavailableException("down", null))))
          .isEqualTo(REPLACE_THREAD);
    }
  }
}
