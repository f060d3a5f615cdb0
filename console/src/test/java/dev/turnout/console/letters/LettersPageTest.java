package dev.turnout.console.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.console.FakeState;
import dev.turnout.console.page.PageRequest;
import dev.turnout.console.page.Visitor;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LettersPageTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String EVIL = "<img src=x onerror=\"alert('x')\">";

  private final FakeState state = new FakeState();
  private final LettersPage page = new LettersPage();

  private String shown(Map<String, String> values) {
    return page.content(new PageRequest(values, Visitor.ANYBODY, state, NOW)).render();
  }

  private String act(String name, PageRequest request) throws InterruptedException {
    return Objects.requireNonNull(page.actions().get(name)).work().run(request);
  }

  @Test
  void shouldCountReasonsAndShowThoseOfOne() {
    // given
    state.letters.add("EMPTY_TEXT", "the text is empty", "", NOW);
    state.letters.add("TOO_LARGE", "6 MB", "long", NOW);
    state.letters.add("TOO_LARGE", "7 MB", "longer", NOW);

    // when
    String all = shown(Map.of());
    String some = shown(Map.of("reason", "TOO_LARGE"));

    // then
    assertThat(all).contains("All, 3").contains("TOO_LARGE, 2").contains("/letters?at=0:0");
    assertThat(some).contains("/letters?at=0:2").doesNotContain("/letters?at=0:0");
  }

  @Test
  void shouldSayWhatIsNotLookedThroughYet() {
    // given
    state.letters.add("TOO_LARGE", "6 MB", "long", NOW);
    String whole = shown(Map.of());
    state.letters.unread = 1_234;

    // when
    String part = shown(Map.of());

    // then
    assertThat(whole).doesNotContain("not been looked through");
    assertThat(part).contains("of older records up to 1,234 have not been looked through");
  }

  @Test
  void shouldLeadToOlderLettersAndBack() {
    // given
    state.letters.add("TOO_LARGE", "6 MB", "long", NOW);
    state.letters.add("TOO_LARGE", "7 MB", "longer", NOW);
    state.letters.older = "1";

    // when
    String newest = shown(Map.of("reason", "TOO_LARGE"));
    state.letters.older = "";
    String older = shown(Map.of("reason", "TOO_LARGE", "before", "1"));

    // then
    assertThat(newest)
        .contains("href=\"/letters?reason=TOO_LARGE&amp;before=1\"")
        .doesNotContain(">Newest<");
    assertThat(older)
        .contains("/letters?at=0:0", "href=\"/letters?reason=TOO_LARGE\">Newest<")
        .doesNotContain("/letters?at=0:1", ">Older<");
  }

  @Test
  void shouldShowWhatALetterHoldsEscapedAndBounded() {
    // given
    state.letters.add("NOT_TEXT", EVIL, EVIL + "x".repeat(100_000), NOW);

    // when
    String one = shown(Map.of("at", "0:0"));

    // then
    assertThat(one)
        .contains("turnout.queries 2:100")
        .contains("&lt;img src=x")
        .contains("turnout dlq show 0:0 prints all")
        .doesNotContain("<img");
    assertThat(one.length()).isLessThan(60_000);
  }

  @Test
  void shouldSayThatThereIsNoSuchLetter() {
    assertThat(shown(Map.of("at", "0:7"))).contains("there is no dead letter at 0:7");
    assertThat(shown(Map.of("at", "x"))).contains("is no position");
  }

  @Test
  void shouldOfferReplayToNobodyWithoutAKeyAndDoItAtTheDesk() throws Exception {
    // given
    state.letters.add("EMPTY_TEXT", "the text is empty", "", NOW);
    PageRequest request = new PageRequest(Map.of("at", "0:0"), Visitor.ANYBODY, state, NOW);

    // when
    String words = act("replay", request);
    act("drop", request);

    // then
    assertThat(shown(Map.of("at", "0:0"))).contains("sign in").doesNotContain("<form");
    assertThat(words).isEqualTo("Dead letter 0:0 done.");
    assertThat(state.letters.done).containsExactly("REPLAYED 0:0", "DROPPED 0:0");
    assertThatThrownBy(() -> act("drop", new PageRequest(Map.of(), Visitor.ANYBODY, state, NOW)))
        .hasMessageContaining("which letter");
  }
}
