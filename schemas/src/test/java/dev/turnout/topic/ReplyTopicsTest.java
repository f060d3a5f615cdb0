package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTopicsTest {

  @Test
  void shouldAllowRepliesUnderThePrefixAndNothingElse() {
    // given
    ReplyTopics replies = ReplyTopics.of(TopicCatalogue.standard(), List.of());

    // then
    assertThat(replies.refusal(null)).isEmpty();
    assertThat(replies.refusal("turnout.replies.app")).isEmpty();
    assertThat(replies.refusal("payments"))
        .hasValueSatisfying(
            why -> assertThat(why).contains("payments", "turnout.replies.*", "topics.reply-to"));
    assertThat(replies.refusal("turnout.repliesapp")).isPresent();
    assertThat(replies.refusal("")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "turnout"})
  void shouldNeverAllowOurOwnOrKafkasTopics(String prefix) {
    // given: an operator who allows whatever begins like ours, which under no prefix is all
    TopicCatalogue topics = TopicCatalogue.withPrefix(prefix);
    List<String> all =
        prefix.isEmpty()
            ? List.of("q*", "d*", "o*", "f*", "s*", "p*", "m*", "l*", "t*", "b*", "r*")
            : List.of(prefix + "*");
    ReplyTopics replies = ReplyTopics.of(topics, all);

    // then
    for (TopicSpec topic : topics.topics()) {
      assertThat(replies.refusal(topic.name())).as(topic.name()).isPresent();
    }
    assertThat(replies.refusal(topics.requests("gpt"))).isPresent();
    assertThat(replies.refusal(topics.prefix() + "router-budgets-accounts-changelog")).isPresent();
    assertThat(replies.refusal("__consumer_offsets")).isPresent();
    assertThat(replies.refusal(topics.prefix() + "replies.app")).isEmpty();
  }

  @Test
  void shouldAllowNothingWhereNoneIsSaid() {
    assertThat(
            ReplyTopics.of(TopicCatalogue.standard(), List.of("none"))
                .refusal("turnout.replies.app"))
        .isPresent();
  }

  @Test
  void shouldNotRepeatANameLongerThanKafkaAllows() {
    assertThat(ReplyTopics.standard(TopicCatalogue.standard()).refusal("x".repeat(1_000_000)))
        .hasValueSatisfying(why -> assertThat(why).hasSizeLessThan(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "replies.*.app", "a b"})
  void shouldRefuseAPatternThatAllowsAllOrNamesNoTopic(String pattern) {
    assertThatThrownBy(() -> ReplyTopics.of(TopicCatalogue.standard(), List.of(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pattern);
  }
}
