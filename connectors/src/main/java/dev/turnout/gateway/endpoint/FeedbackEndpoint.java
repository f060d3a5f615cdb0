package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.memory.Remembered;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Grade;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.FieldLimits;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes grades and thumbs from clients. The last of a grader on a query counts, so that the same
 * grade sent twice is published once by this gateway, and twice means the same anyway.
 */
public final class FeedbackEndpoint {
  /** Who grades with a thumb; the learner weighs graders of that name less. */
  private static final String THUMBS = "thumbs";

  private static final int MOST = 50_000;
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  private final QueryTraffic traffic;
  private final Replies replies;
  private final AnsweredIds ids;
  private final Clock clock;
  private final Remembered<String> published = new Remembered<>(MOST, MOST_BYTES);

  /**
   * @param ids knows which query an answer belongs to
   */
  public FeedbackEndpoint(QueryTraffic traffic, Serving serving, AnsweredIds ids, Clock clock) {
    this.traffic = traffic;
    this.replies = new Replies(serving);
    this.ids = ids;
    this.clock = clock;
  }

  /** {@code POST /v1/feedback}. */
  public void feedback(Context context) {
    JsonNode json = Json.body(RequestBody.read(context));
    String id = id(json);
    String thumb = Json.optionalText(json, "thumb");
    double reward = thumb == null ? json.path("reward").asDouble(Double.NaN) : ofThumb(thumb);
    if (id == null || !(reward >= 0 && reward <= 1)) {
      throw GatewayError.badRequest(
          "\"id\" of the answer or \"queryId\", and a \"reward\" within 0..1 or a \"thumb\" are"
              + " needed");
    }
    Caller caller = Caller.of(context);
    Grade.Builder grade =
        Grade.newBuilder()
            .setQueryId(ids.queryId(id))
            .setGrader(grader(caller, Json.optionalText(json, "grader"), thumb))
            .setReward(reward)
            .setComment(Json.optionalText(json, "comment"))
            .setGradedAt(clock.instant());
    @Nullable String llm = Json.optionalText(json, "llm");
    replies.when(
        context,
        () ->
            (llm != null && caller.mayGradeAnything()
                    ? CompletableFuture.completedFuture(grade.setLlm(llm))
                    : ofDecision(caller, grade, llm))
                .thenCompose(graded -> publish(graded.build()))
                .thenApply(sent -> accepted(grade.getQueryId())));
  }

  private static String grader(Caller caller, @Nullable String named, @Nullable String thumb) {
    boolean user = named == null && thumb != null && caller.rights().mayGradeAs(THUMBS);
    return caller.grader(user ? THUMBS : named);
  }

  /** A grade of what was decided: the query has to be one that the caller may grade. */
  private CompletableFuture<Grade.Builder> ofDecision(
      Caller caller, Grade.Builder grade, @Nullable String llm) {
    String id = grade.getQueryId();
    return caller
        .find(id, traffic::decision, found -> caller.mayGradeOf(found.getTenant()))
        .thenApply(
            found -> {
              RoutingDecision decision = found.orElseThrow(() -> unknown(caller, id));
              return grade
                  .setQueryId(decision.getQueryId())
                  .setLlm(llm == null ? decision.getLlm() : llm);
            });
  }

  private static GatewayError unknown(Caller caller, String id) {
    return caller.mayGradeAnything()
        ? GatewayError.badRequest(
            "\"llm\" is needed: the decision on query \"" + id + "\" is not known here any more")
        : new GatewayError(404, "not_found_error", "no decision on query \"" + id + "\" is known");
  }

  private static @Nullable String id(JsonNode json) {
    for (String field : new String[] {"queryId", "id", "responseId"}) {
      String id = Json.text(json, field);
      if (id != null) {
        return id;
      }
    }
    return null;
  }

  private static double ofThumb(String thumb) {
    return switch (thumb) {
      case "up" -> 1;
      case "down" -> 0;
      default ->
          throw GatewayError.badRequest("\"thumb\" is \"" + thumb + "\"; it must be up or down");
    };
  }

  private CompletableFuture<Void> publish(Grade grade) {
    String excess = FieldLimits.excess(grade);
    if (excess != null) {
      throw GatewayError.tooLarge("the grade's " + excess);
    }
    String key = grade.getQueryId() + "\n" + grade.getLlm() + "\n" + grade.getGrader();
    String said = grade.getReward() + "\n" + grade.getComment();
    if (published.of(key).filter(said::equals).isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    return traffic
        .publish(grade)
        .thenRun(() -> published.put(key, said, 2L * (key.length() + said.length())));
  }

  private static Replies.Reply accepted(String queryId) {
    ObjectNode json = Json.object();
    json.put("queryId", queryId);
    return new Replies.Reply(202, json);
  }
}
