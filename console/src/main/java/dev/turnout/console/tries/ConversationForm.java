package dev.turnout.console.tries;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.label;
import static j2html.TagCreator.option;
import static j2html.TagCreator.select;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.textarea;

import dev.turnout.console.page.PageRequest;
import dev.turnout.schema.Turn;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import j2html.tags.specialized.OptionTag;
import j2html.tags.specialized.TextareaTag;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a conversation: what the LLM is told first, earlier turns, and the question. Empty
 * turns are left out.
 *
 * @param system what stands in the fields at first
 * @param earlier turns of user and assistant before the question, oldest first
 */
record ConversationForm(String system, List<Turn> earlier, String question) {
  /** Earlier turns that are taken. */
  static final int MOST_EARLIER = 20;

  private static final int ROWS = 4;
  private static final int LONGEST_TEXT = 20_000;
  private static final String SYSTEM = "system";
  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";

  ConversationForm {
    earlier = List.copyOf(earlier);
  }

  /**
   * Empty, or of a conversation or an answer that was tried, whose id the page is asked {@code
   * from}.
   */
  static ConversationForm of(PageRequest request) {
    String id = request.value("from").orElse("");
    for (Tried tried : request.state().tries().latest()) {
      if (tried.id().equals(id)) {
        return of(tried.turns().subList(0, tried.turns().size() - 1), tried.question());
      }
      if (tried.answer(id).isPresent()) {
        String answer = tried.answer(id).get().soFar().text();
        List<Turn> turns = new ArrayList<>(tried.turns());
        turns.add(new Turn(ASSISTANT, BoundedText.cut(answer, LONGEST_TEXT)));
        return of(turns, "");
      }
    }
    return new ConversationForm("", List.of(), "");
  }

  private static ConversationForm of(List<Turn> before, String question) {
    String system =
        before.stream()
            .filter(turn -> turn.getRole().equals(SYSTEM))
            .map(Turn::getText)
            .findFirst()
            .orElse("");
    List<Turn> said = before.stream().filter(turn -> !turn.getRole().equals(SYSTEM)).toList();
    return new ConversationForm(
        system, said.subList(Math.max(0, said.size() - MOST_EARLIER), said.size()), question);
  }

  /**
   * The conversation that was filled in, oldest first.
   *
   * @throws IllegalArgumentException if nothing is asked
   */
  static List<Turn> read(PageRequest request) {
    List<Turn> turns = new ArrayList<>();
    request.value(SYSTEM).ifPresent(text -> turns.add(new Turn(SYSTEM, text)));
    for (int i = 1; i <= MOST_EARLIER; i++) {
      String by = request.value("by-" + i).filter(ASSISTANT::equals).orElse(USER);
      request.value("turn-" + i).ifPresent(text -> turns.add(new Turn(by, text)));
    }
    turns.add(
        new Turn(
            USER,
            request
                .value("text")
                .orElseThrow(() -> new IllegalArgumentException("Ask something."))));
    return turns;
  }

  DomContent element() {
    List<DomContent> rows = new ArrayList<>();
    rows.add(label("System prompt").withFor(SYSTEM));
    rows.add(area(SYSTEM, system, 2).withId(SYSTEM));
    int most = Math.min(MOST_EARLIER, Math.max(ROWS, earlier.size() + 2));
    for (int i = 1; i <= most; i++) {
      rows.add(row(i));
    }
    return div(
            details(
                    summary("System prompt and earlier turns"),
                    div().with(rows).withClass("stack turns"))
                .condAttr(!system.isEmpty() || !earlier.isEmpty(), "open", "open"),
            label("Question").withFor("text"),
            area("text", question, 4).withId("text").attr("required"))
        .withClass("stack");
  }

  private DomContent row(int number) {
    boolean filled = number <= earlier.size();
    String by = filled ? earlier.get(number - 1).getRole() : number % 2 == 1 ? USER : ASSISTANT;
    return div(
            select(choice(USER, by), choice(ASSISTANT, by))
                .withName("by-" + number)
                .attr("aria-label", "Turn " + number + " was said by"),
            area("turn-" + number, filled ? earlier.get(number - 1).getText() : "", 2)
                .attr("aria-label", "Turn " + number))
        .withClass("turn");
  }

  private static OptionTag choice(String role, String chosen) {
    return option(role).withValue(role).condAttr(role.equals(chosen), "selected", "selected");
  }

  private static TextareaTag area(String name, String text, int rows) {
    return textarea(text)
        .withName(name)
        .withRows(String.valueOf(rows))
        .attr("maxlength", String.valueOf(LONGEST_TEXT));
  }
}
