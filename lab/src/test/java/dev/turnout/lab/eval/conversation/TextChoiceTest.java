package dev.turnout.lab.eval.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The router's way to choose a text, on turns that it was not chosen by. */
class TextChoiceTest {
  private static final String QUESTION =
      "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in"
          + " May. How many clips did Natalia sell altogether in April and May?";

  @Test
  void shouldEncodeTheQuestionOfNineFollowUpsInTen() {
    assertThat(share(turn -> !turn.isNew())).isGreaterThan(0.9);
  }

  @Test
  void shouldEncodeNineNewQuestionsInTenAlone() {
    assertThat(share(LastTurn::isNew)).isGreaterThan(0.9);
  }

  /** Share of held-out turns for which exactly the expected text is encoded, in two depths. */
  private static double share(Predicate<LastTurn> which) {
    Function<Session, String> router =
        Objects.requireNonNull(TextChoice.all().get(TextChoice.ROUTER));
    List<LastTurn> turns = LastTurn.all().stream().filter(LastTurn::heldOut).filter(which).toList();
    assertThat(turns).hasSizeGreaterThan(30);
    return turns.stream()
        .flatMap(
            turn ->
                List.of(Session.of(QUESTION, turn, false), Session.of(QUESTION, turn, true))
                    .stream())
        .mapToInt(session -> router.apply(session).equals(session.expected()) ? 1 : 0)
        .average()
        .orElse(0);
  }
}
