package dev.turnout.console.tries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.console.Callers;
import dev.turnout.console.FakeState;
import dev.turnout.console.Records;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TryPageTest {
  private static final String EVIL = "<img src=x onerror=\"alert('x')\">";

  private final FakeState state = new FakeState();
  private final TryPage page = new TryPage();
  private final Visitor visitor = new Visitor(Callers.of("k1", "acme", Rights.ALL));

  private String act(String name, Visitor by, Map<String, String> values)
      throws InterruptedException {
    return Objects.requireNonNull(page.actions().get(name))
        .work()
        .run(new PageRequest(values, by, state, Instant.now()));
  }

  private String shown(Visitor by) {
    return page.content(new PageRequest(Map.of(), by, state, Instant.now())).render();
  }

  private TriedAnswer answer(int number) {
    return state.tries.latest().get(0).answers().get(number);
  }

  @Test
  void shouldShowBothAnswersWhileTheyComeAndTakeThumbsAsGrades() throws Exception {
    // when
    act("compare", visitor, Map.of("text", EVIL, "cost-weight", "0.5"));

    // then both are waited for
    assertThat(state.tries.done).containsExactly("acme " + EVIL + " 0.5");
    assertThat(shown(visitor))
        .contains("&lt;img src=x", "An answer is on its way", "to-try-0-alpha", "to-try-0-gamma")
        .doesNotContain("<img");

    // when one begins
    Records.say(answer(1), "Now " + EVIL);

    // then what it says so far is there, and nothing can be done with it yet
    assertThat(shown(visitor))
        .contains("Now &lt;img", "It goes on.")
        .doesNotContain("<img", "yes-try-0-gamma");

    // when one has come
    answer(0).answered(Records.outcome("try-0-alpha", "alpha", EVIL, Instant.now()), null);

    // then it can be graded, once, and the conversation can go on from it
    assertThat(shown(visitor)).contains("The answer to: &lt;img", "yes-try-0-alpha", "640 ms");
    act("grade", visitor, Map.of("query", "try-0-alpha", "good", "yes"));
    assertThat(state.tries.done).contains("try-0-alpha alpha user 1.0", "alpha ended");
    assertThat(shown(visitor)).contains("Graded 1.00").doesNotContain("yes-try-0-alpha");
    String next =
        page.content(new PageRequest(Map.of("from", "try-0-alpha"), visitor, state, Instant.now()))
            .render();
    assertThat(next)
        .contains("name=\"turn-1\"", ">&lt;img src=x", "name=\"turn-2\"", ">The answer to: &lt;img")
        .doesNotContain("<img");
  }

  @Test
  void shouldTakeAConversationWithItsEmptyTurnsLeftOut() throws Exception {
    // when
    act(
        "decide",
        visitor,
        Map.of(
            "system", "Be brief.",
            "by-1", "user",
            "turn-1", "Hi",
            "by-2", "assistant",
            "turn-2", "  ",
            "by-3", "assistant",
            "turn-3", "Hello",
            "by-4", "somebody",
            "turn-4", "Well",
            "text", "And now?"));

    // then
    assertThat(state.tries.latest().get(0).turns())
        .containsExactly(
            new Turn("system", "Be brief."),
            new Turn("user", "Hi"),
            new Turn("assistant", "Hello"),
            new Turn("user", "Well"),
            new Turn("user", "And now?"));
    assertThat(shown(visitor)).contains("What came before", "Be brief.");
  }

  @Test
  void shouldGradeUnderAKeysOwnName() throws Exception {
    // given a key that may grade as one grader alone
    Visitor grader =
        new Visitor(
            Callers.of("k2", "acme", new Rights(true, true, List.of("shop"), List.of(), false)));
    act("ask", grader, Map.of("text", "Well?"));

    // when
    act("grade", grader, Map.of("query", "try-0-alpha", "good", "no"));

    // then
    assertThat(state.tries.done).contains("try-0-alpha alpha shop 0.0");
  }

  @Test
  void shouldSayWhatIsWrongWithAQuestion() {
    assertThatThrownBy(() -> act("decide", visitor, Map.of()))
        .hasMessageContaining("Ask something");
    assertThatThrownBy(() -> act("decide", visitor, Map.of("text", "Well?", "min-success", "90")))
        .hasMessageContaining("min-success is \"90\"");
    assertThatThrownBy(() -> act("grade", visitor, Map.of("query", "q-foreign")))
        .hasMessageContaining("not tried here");
    assertThat(state.tries.done).isEmpty();
  }

  @Test
  void shouldAskForAKeyBeforeAnythingIsPaidFor() {
    assertThat(shown(Visitor.ANYBODY)).contains("sign in").doesNotContain("<form");
    Rights reader = new Rights(false, false, List.of(), List.of("*"), false);
    page.actions().values().forEach(action -> assertThat(action.allowed().test(reader)).isFalse());
  }
}
