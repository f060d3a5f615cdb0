package dev.turnout.console.tries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.console.Callers;
import dev.turnout.console.FakeState;
import dev.turnout.console.Records;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import dev.turnout.gateway.access.Rights;
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

  @Test
  void shouldShowBothAnswersAndTakeThumbsAsGrades() throws Exception {
    // when
    act("compare", visitor, Map.of("text", EVIL, "cost-weight", "0.5"));

    // then both are waited for
    assertThat(state.tries.done).containsExactly("acme " + EVIL + " 0.5");
    assertThat(shown(visitor))
        .contains("&lt;img src=x", "An answer is on its way")
        .doesNotContain("<img");

    // when one has come
    Instant now = Instant.now();
    state.recent.decided(Records.decision("try-0-1", "alpha", now), 100);
    state.recent.ended(Records.outcome("try-0-1", "alpha", EVIL, now), 100);

    // then it can be graded, once
    assertThat(shown(visitor)).contains("The answer to: &lt;img", "yes-try-0-1");
    act("grade", visitor, Map.of("query", "try-0-1", "llm", "alpha", "good", "yes"));
    assertThat(state.tries.done).contains("try-0-1 alpha user 1.0");
    state.recent.graded(Records.grade("try-0-1", "alpha", "user", 1, now));
    assertThat(shown(visitor)).contains("Graded 1.00").doesNotContain("yes-try-0-1");
  }

  @Test
  void shouldGradeUnderAKeysOwnName() throws Exception {
    // given a key that may grade as one grader alone
    Visitor grader =
        new Visitor(
            Callers.of("k2", "acme", new Rights(true, true, List.of("shop"), List.of(), false)));
    act("ask", grader, Map.of("text", "Well?"));

    // when
    act("grade", grader, Map.of("query", "try-0-1", "llm", "alpha", "good", "no"));

    // then
    assertThat(state.tries.done).contains("try-0-1 alpha shop 0.0");
  }

  @Test
  void shouldSayWhatIsWrongWithAQuestion() {
    assertThatThrownBy(() -> act("decide", visitor, Map.of()))
        .hasMessageContaining("Ask something");
    assertThatThrownBy(() -> act("decide", visitor, Map.of("text", "Well?", "min-success", "90")))
        .hasMessageContaining("min-success is \"90\"");
    assertThatThrownBy(() -> act("grade", visitor, Map.of("query", "q-foreign", "llm", "alpha")))
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
