package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedPartsTest {

  @Test
  void shouldCloseAllPartsTheLatestFirstWhateverOneOfThemDoes() {
    // given
    List<String> closed = new ArrayList<>();
    IllegalStateException broken = new IllegalStateException("broken");
    StartedParts parts = new StartedParts();
    AutoCloseable first = parts.add(() -> closed.add("first"));
    AutoCloseable second =
        parts.add(
            () -> {
              closed.add("second");
              throw broken;
            });
    AutoCloseable third = parts.add(() -> closed.add("third"));
    RuntimeException failure = new RuntimeException("the fourth cannot be opened");

    // when
    parts.giveUp(failure);
    parts.giveUp(failure);

    // then
    assertThat(List.of(first, second, third)).doesNotContainNull();
    assertThat(closed).containsExactly("third", "second", "first");
    assertThat(failure.getSuppressed()).containsExactly(broken);
  }
}
