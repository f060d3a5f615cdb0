package dev.turnout.encoder.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTextTest {
  private static final String QUESTION = "Prove that the halting problem is undecidable";
  private static final List<EarlierTurn> EARLIER =
      List.of(
          new EarlierTurn("assistant", "Suppose a program decided it. Then we build another."),
          new EarlierTurn("user", QUESTION),
          new EarlierTurn("system", "You are a helpful assistant."));

  private final ConversationText texts = ConversationText.load();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes, go on",
        "shorter",
        "in French",
        "ja, mach weiter",
        "kürzer bitte",
        "auf Französisch",
        "oui, continue",
        "plus court",
        "en anglais",
        "继续",
        "短一点",
        "用法语",
        "más corto",
        "Why?",
        "Are you sure? I think the answer is C."
      })
  void shouldTakeTheQuestionForAFollowUp(String followUp) {
    assertThat(texts.of(followUp, EARLIER)).isEqualTo(QUESTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is the capital of France?",
        "Explain photosynthesis",
        "Wie viele Beine hat eine Spinne?",
        "Qui a écrit Les Misérables ?",
        "蜘蛛有几条腿？",
        "Translate 'thank you' into Korean",
        "Which is it?\nA. red\nB. blue"
      })
  void shouldTakeANewQuestionAlone(String question) {
    assertThat(texts.of(question, EARLIER)).isSameAs(question);
  }

  @Test
  void shouldTakeATextAloneThatNothingCameBefore() {
    String text = "yes, go on";

    assertThat(texts.of(text, List.of())).isSameAs(text);
  }

  @Test
  void shouldLookPastEarlierFollowUps() {
    List<EarlierTurn> deep =
        List.of(
            new EarlierTurn("assistant", "…"),
            new EarlierTurn("user", "kürzer"),
            new EarlierTurn("assistant", "…"),
            new EarlierTurn("user", QUESTION));

    assertThat(texts.of("weiter", deep)).isEqualTo(QUESTION);
  }

  @Test
  void shouldTakeBothWhenAFollowUpHasATopicToo() {
    String followUp = "Rewrite your previous answer as a Haskell program without recursion";

    assertThat(texts.of(followUp, EARLIER)).isEqualTo(QUESTION + "\n" + followUp);
  }

  @Test
  void shouldTakeTheReplyWhenThereWasNoQuestion() {
    List<EarlierTurn> cut = List.of(new EarlierTurn("assistant", "The mitochondria, part two."));

    assertThat(texts.of("go on", cut)).isEqualTo("The mitochondria, part two.\ngo on");
  }

  @Test
  void shouldTakeALongPasteAsTheQuestionOfAShortRequest() {
    String paste = "lorem ipsum ".repeat(1_000);

    assertThat(
            texts.of(
                "Summarise that.",
                List.of(new EarlierTurn("assistant", "ok"), new EarlierTurn("user", paste))))
        .isEqualTo(paste);
  }
}
