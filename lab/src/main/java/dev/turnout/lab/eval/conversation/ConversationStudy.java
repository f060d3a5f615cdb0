package dev.turnout.lab.eval.conversation;

import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.TextEncoding;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Routes made-up sessions: questions of a data set, what users say after an answer, and new
 * questions. A follow-up should get the LLM that its question gets, a new question the one that it
 * gets alone.
 *
 * @param model routes by the highest score, as policy argmax does
 * @param encoding of the model's encoder
 */
public record ConversationStudy(RouterModel model, TextEncoding encoding) {
  /** Sessions that each turn ends. */
  private static final int SESSIONS_A_TURN = 40;

  /** Sessions that end with another question of the data set. */
  private static final int QUESTIONS = 1_000;

  /** Characters of a short question. */
  private static final int SHORT = 60;

  /** Apart from any number of tasks and queries of a task. */
  private static final int STRIDE = 7_919;

  /**
   * Measures all ways to choose the text.
   *
   * @param training questions, for the turns by which the router's way was chosen
   * @param test questions, for those that nothing was chosen by
   */
  public ConversationResult of(List<QueryOutcomes> training, List<QueryOutcomes> test) {
    List<LastTurn> turns = LastTurn.all();
    return new ConversationResult(
        rates("held out", test, turns.stream().filter(LastTurn::heldOut).toList()),
        rates("tuning", training, turns.stream().filter(turn -> !turn.heldOut()).toList()));
  }

  private Map<String, AgreementRates> rates(
      String stage, List<QueryOutcomes> questions, List<LastTurn> turns) {
    List<Session> sessions = sessions(questions, turns);
    Map<String, AgreementRates> rates = new LinkedHashMap<>();
    List<Integer> expected = routed(stage, sessions, Session::expected);
    TextChoice.all()
        .forEach(
            (name, choice) -> {
              List<Integer> actual = routed(stage + ", " + name, sessions, choice);
              rates.put(name, rates(sessions, expected, actual));
            });
    return rates;
  }

  private static List<Session> sessions(List<QueryOutcomes> questions, List<LastTurn> turns) {
    List<Session> sessions = new ArrayList<>();
    int next = 0;
    for (LastTurn turn : turns) {
      for (int i = 0; i < SESSIONS_A_TURN; i++) {
        next += STRIDE;
        String question = questions.get(next % questions.size()).question();
        sessions.add(Session.of(question, turn, i % 2 == 1));
      }
    }
    for (int i = 0; i < QUESTIONS && questions.size() > 1; i++) {
      next += STRIDE;
      QueryOutcomes first = questions.get(next % questions.size());
      QueryOutcomes second = questions.get((next + STRIDE) % questions.size());
      LastTurn turn =
          new LastTurn(
              false, isChinese(second.question()) ? "zh" : "en", LastTurn.NEW, second.question());
      sessions.add(Session.of(first.question(), turn, i % 2 == 1));
    }
    return sessions;
  }

  private static boolean isChinese(String text) {
    return text.codePoints()
        .anyMatch(point -> Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN);
  }

  /** The model's first choice for what is encoded of each session. */
  private List<Integer> routed(
      String stage, List<Session> sessions, Function<Session, String> choice) {
    List<String> texts = sessions.stream().map(choice).toList();
    float[][] vectors = encoding.encode("encoding sessions, " + stage, texts).vectors();
    RouterScorer scorer = new RouterScorer(model);
    List<Integer> chosen = new ArrayList<>(vectors.length);
    for (float[] vector : vectors) {
      chosen.add(Rewards.best(scorer.score(vector).cosine()));
    }
    return chosen;
  }

  private static AgreementRates rates(
      List<Session> sessions, List<Integer> expected, List<Integer> actual) {
    Tally followUps = new Tally();
    Tally newQuestions = new Tally();
    Map<String, Tally> byLanguage = new TreeMap<>();
    Map<String, Tally> byKind = new TreeMap<>();
    Map<String, Tally> newByLanguage = new TreeMap<>();
    Map<String, Tally> newByKind = new TreeMap<>();
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      boolean agrees = expected.get(i).equals(actual.get(i));
      String language = session.turn().language();
      if (session.turn().isNew()) {
        newQuestions.add(agrees);
        tally(newByLanguage, language).add(agrees);
        tally(newByKind, isShort(session) ? "short" : "long").add(agrees);
      } else {
        followUps.add(agrees);
        tally(byLanguage, language).add(agrees);
        tally(byKind, session.turn().kind()).add(agrees);
      }
    }
    return new AgreementRates(
        followUps.rate(),
        newQuestions.rate(),
        rates(byLanguage),
        rates(byKind),
        rates(newByLanguage),
        rates(newByKind),
        sessions.size());
  }

  private static boolean isShort(Session session) {
    return session.last().length() <= SHORT;
  }

  private static Tally tally(Map<String, Tally> tallies, String key) {
    return tallies.computeIfAbsent(key, k -> new Tally());
  }

  private static Map<String, Double> rates(Map<String, Tally> tallies) {
    Map<String, Double> rates = new TreeMap<>();
    tallies.forEach((key, tally) -> rates.put(key, tally.rate()));
    return rates;
  }

  private static final class Tally {
    private int agreed;
    private int all;

    void add(boolean agrees) {
      agreed += agrees ? 1 : 0;
      all++;
    }

    double rate() {
      return all == 0 ? Double.NaN : (double) agreed / all;
    }
  }
}
