package dev.turnout.router.decide;

import dev.turnout.control.belief.CandidateRefiner;
import dev.turnout.control.belief.CandidateRefiner.AnswerLength;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.limit.ChoiceLimits;
import dev.turnout.policy.limit.Demand;
import dev.turnout.policy.limit.LimitedCandidates;
import dev.turnout.policy.limit.SureCandidates;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Needs;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may answer a query. Two kinds of rules decide it:
 *
 * <ul>
 *   <li><b>Laws</b> hold whatever comes: what an LLM cannot do, whom the producer does not allow,
 *       and that only the LLM that called a tool reads the tool's result, as long as it may answer.
 *       Where they leave nobody, the query is refused, with what each LLM lacks.
 *   <li><b>Limits</b> are given up as far as they leave nobody: first lengths, which are estimates
 *       (the answer's, then the prompt's, down to the largest context windows), then the query's
 *       own on latency and cost, then on success.
 * </ul>
 */
final class QueryCandidates {
  private static final double ASCII_CHARACTERS_PER_TOKEN = 4;

  /** LLMs that a refusal explains. */
  private static final int EXPLAINED = 10;

  private final CandidateRefiner refiner;
  private final double minSuccess;

  /**
   * @param minSuccess rate of success that queries ask for which name none; NaN for none
   */
  QueryCandidates(CandidateRefiner refiner, double minSuccess) {
    this.refiner = refiner;
    this.minSuccess = minSuccess;
  }

  /**
   * The candidates in the table's order, at least one of them eligible.
   *
   * @param demand of the query
   * @param scores of the query; null when it could not be scored
   * @param notes takes a sentence for every limit that was given up
   * @throws NobodyException if the laws leave nobody
   */
  List<Candidate> of(
      Query query,
      Demand demand,
      CandidateTable table,
      @Nullable Scores scores,
      List<String> notes) {
    List<Candidate> lawful = lawful(query, table, scores, demand);
    if (demand.fit() == Demand.Fit.PROMPT_AND_ANSWER && nobody(lawful)) {
      lawful = lawful(query, table, scores, demand.with(Demand.Fit.PROMPT));
      if (!nobody(lawful)) {
        notes.add("no LLM has room for the whole answer; only the prompt fits");
      }
    }
    if (nobody(lawful)) {
      // An answer from an LLM that may not fit beats none.
      lawful = lawful(query, table, scores, demand.with(Demand.Fit.NOTHING));
      if (nobody(lawful)) {
        throw new NobodyException(query, lawful);
      }
      lawful = demand.fit() == Demand.Fit.PROMPT ? lawful : largest(table, lawful);
      notes.add("no LLM fits the query as it is; the rest of the limits was given up");
    }
    return sure(query, table, scores, within(query, lawful, notes), notes);
  }

  /** Those that the query's limits on cost and latency leave. */
  private static List<Candidate> within(Query query, List<Candidate> lawful, List<String> notes) {
    QueryConstraints constraints = query.getConstraints();
    if (constraints == null
        || (constraints.getMaxCostUsd() == null && constraints.getMaxLatencyMs() == null)) {
      return lawful;
    }
    LimitedCandidates limited =
        LimitedCandidates.of(
            lawful,
            new ChoiceLimits(
                Set.of(),
                constraints.getMaxCostUsd() == null ? Double.NaN : constraints.getMaxCostUsd(),
                constraints.getMaxLatencyMs() == null
                    ? Double.NaN
                    : constraints.getMaxLatencyMs()));
    if (limited.relaxation() != null) {
      notes.add(limited.relaxation());
    }
    return limited.candidates();
  }

  /** Those that are sure enough to succeed, or the likeliest. */
  private List<Candidate> sure(
      Query query,
      CandidateTable table,
      @Nullable Scores scores,
      List<Candidate> candidates,
      List<String> notes) {
    QueryConstraints constraints = query.getConstraints();
    Double asked = constraints == null ? null : constraints.getMinSuccess();
    double rate = asked == null ? minSuccess : asked;
    if (scores == null || !(rate > 0)) {
      return candidates;
    }
    SureCandidates sure = SureCandidates.of(candidates, i -> table.isSure(i, scores, rate), rate);
    if (sure.relaxation() != null) {
      notes.add(sure.relaxation());
    }
    return sure.candidates();
  }

  /** What a query demands of an LLM. */
  static Demand demand(Query query) {
    Needs needs = query.getNeeds();
    Conversation conversation = query.getConversation();
    Long stated = needs == null ? null : needs.getPromptTokens();
    Long longest = needs == null ? null : needs.getMaxOutputTokens();
    return new Demand(
        stated == null ? promptTokens(query.getText(), conversation) : stated,
        longest == null ? Double.NaN : longest,
        needs == null ? Demand.Fit.PROMPT : Demand.Fit.PROMPT_AND_ANSWER,
        needs == null ? Set.of() : Set.copyOf(needs.getCapabilities()),
        conversation == null ? null : conversation.getPreviousLlm(),
        conversation == null ? 0 : conversation.getPrefixTokens());
  }

  private static double promptTokens(String text, @Nullable Conversation conversation) {
    double last = tokens(text);
    if (conversation == null) {
      return last;
    }
    double all = last;
    for (Turn turn : conversation.getTurns()) {
      all += tokens(turn.getText());
    }
    return Math.max(all, conversation.getPrefixTokens() + last);
  }

  private List<Candidate> lawful(
      Query query, CandidateTable table, @Nullable Scores scores, Demand demand) {
    RouterModel model = table.model();
    List<Candidate> all;
    if (scores == null || model == null) {
      all = table.candidates(scores, demand, AnswerLength.UNLEARNT);
    } else {
      List<Candidate> known = table.candidates(scores, demand, refiner.outputTokens(model, scores));
      all = table.withModelCosts(refiner.refine(query, model, scores, known), scores);
    }
    QueryConstraints constraints = query.getConstraints();
    if (constraints != null && !constraints.getAllowedLlms().isEmpty() && !nobody(all)) {
      Set<String> allowed = Set.copyOf(constraints.getAllowedLlms());
      all =
          LimitedCandidates.of(all, new ChoiceLimits(allowed, Double.NaN, Double.NaN)).candidates();
    }
    return inToolLoop(query, table, all);
  }

  /** Nobody but the LLM that called a tool, as long as it may answer. */
  private static List<Candidate> inToolLoop(
      Query query, CandidateTable table, List<Candidate> candidates) {
    int caller = toolCaller(query, table);
    if (caller < 0 || !candidates.get(caller).eligible()) {
      return candidates;
    }
    List<Candidate> alone = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      alone.add(
          i == caller || !candidate.eligible()
              ? candidate
              : candidate.ineligible(
                  candidates.get(caller).llm() + " called the tool whose result this is"));
    }
    return alone;
  }

  /** Position of the LLM whose tool call the query answers; -1 when there is none. */
  static int toolCaller(Query query, CandidateTable table) {
    Conversation conversation = query.getConversation();
    return conversation != null && conversation.getToolLoop() ? previous(query, table) : -1;
  }

  /** Position of the LLM that answered last; -1 when there is none. */
  static int previous(Query query, CandidateTable table) {
    Conversation conversation = query.getConversation();
    String previous = conversation == null ? null : conversation.getPreviousLlm();
    return previous == null ? -1 : table.position(previous);
  }

  private static List<Candidate> largest(CandidateTable table, List<Candidate> candidates) {
    double largest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).eligible()) {
        largest = Math.max(largest, table.window(i));
      }
    }
    List<Candidate> left = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      left.add(
          candidate.eligible() && table.window(i) < largest
              ? candidate.ineligible("the prompt fits nowhere, and others have larger windows")
              : candidate);
    }
    return left;
  }

  /**
   * Estimated prompt tokens: four ASCII characters, or one other character, are about one token.
   */
  private static double tokens(String text) {
    int ascii = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x80) {
        ascii++;
      }
    }
    return ascii / ASCII_CHARACTERS_PER_TOKEN + (text.length() - ascii);
  }

  private static boolean nobody(List<Candidate> candidates) {
    return candidates.stream().noneMatch(Candidate::eligible);
  }

  /** No LLM may answer a query, whatever is given up of its limits. */
  static final class NobodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NobodyException(Query query, List<Candidate> candidates) {
      // Without a stack trace: it is an outcome of deciding, and may come with every query.
      super(words(query, candidates), null, false, false);
    }

    private static String words(Query query, List<Candidate> candidates) {
      QueryConstraints constraints = query.getConstraints();
      List<String> allowed = constraints == null ? List.of() : constraints.getAllowedLlms();
      List<String> lacks = new ArrayList<>();
      for (String llm : allowed) {
        if (candidates.stream().noneMatch(candidate -> candidate.llm().equals(llm))) {
          lacks.add(llm + ": not registered");
        }
      }
      for (Candidate candidate : candidates) {
        if (allowed.isEmpty() || allowed.contains(candidate.llm())) {
          lacks.add(candidate.llm() + ": " + candidate.ineligibleReason());
        }
      }
      int more = lacks.size() - EXPLAINED;
      String each =
          String.join("; ", more > 0 ? lacks.subList(0, EXPLAINED) : lacks)
              + (more > 0 ? "; and " + more + " more" : "");
      return allowed.isEmpty()
          ? "no LLM has what the query needs ("
              + each
              + "); register one that has, or name what it can in the capabilities of its profile"
          : "none of the LLMs that the query allows may answer ("
              + each
              + "); allow others in constraints.allowedLlms";
    }
  }
}
