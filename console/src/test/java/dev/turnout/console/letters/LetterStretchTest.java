package dev.turnout.console.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.kafka.CommittedReader.Extent;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LetterStretchTest {
  private static final TopicPartition ONE = new TopicPartition("dlq", 0);
  private static final TopicPartition OTHER = new TopicPartition("dlq", 1);
  private static final Extent ALL =
      new Extent(Map.of(ONE, 10L, OTHER, 0L), Map.of(ONE, 1_000L, OTHER, 60L));

  @Test
  void shouldGoBackFromTheNewestRecordsToTheOldest() {
    // when
    LetterStretch newest = LetterStretch.before("", ALL, 1_200);
    LetterStretch older = LetterStretch.before(newest.older(), ALL, 1_200);

    // then
    assertThat(newest.extent())
        .isEqualTo(new Extent(Map.of(ONE, 400L, OTHER, 0L), Map.of(ONE, 1_000L, OTHER, 60L)));
    assertThat(newest.older()).isEqualTo("0:400,1:0");
    assertThat(older.extent())
        .isEqualTo(new Extent(Map.of(ONE, 10L, OTHER, 0L), Map.of(ONE, 400L, OTHER, 0L)));
    assertThat(older.older()).isEmpty();
  }

  @Test
  void shouldHoldWhateverPlaceIsAskedFor() {
    assertThat(LetterStretch.before("0:999999,7:3", ALL, 100).extent())
        .isEqualTo(new Extent(Map.of(ONE, 950L, OTHER, 10L), Map.of(ONE, 1_000L, OTHER, 60L)));
    assertThat(LetterStretch.before("0:3", ALL, 100).extent().records()).isEqualTo(50);
    assertThat(LetterStretch.before("", new Extent(Map.of(), Map.of()), 100).older()).isEmpty();
    assertThatThrownBy(() -> LetterStretch.before("x", ALL, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no position");
  }
}
