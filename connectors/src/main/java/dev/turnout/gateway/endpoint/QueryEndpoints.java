package dev.turnout.gateway.endpoint;

import dev.turnout.gateway.memory.TakenIds;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.exchange.RecordJson;
import dev.turnout.gateway.exchange.RequestAccess;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.exchange.QueryForm;
import dev.turnout.gateway.exchange.Exchange;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.Refusal;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.lookup.QueryIds;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.ReplyTopics;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Takes queries, and tells what was decided on them and what came of them. */
public final class QueryEndpoints {

  private final RequestAccess access;
  private final QueryTraffic traffic;
  private final Serving serving;
  private final Replies replies;
  private final ReplyTopics replyTopics;
  private final AnsweredIds ids;
  private final TakenIds taken = new TakenIds();
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param replyTopics where outcomes may go besides
   * @param ids knows which query an answer belongs to
   * @param timeout longest wait for an answer
   */
  public QueryEndpoints(
      RequestAccess access,
      QueryTraffic traffic,
      Serving serving,
      ReplyTopics replyTopics,
      AnsweredIds ids,
      Duration timeout,
      Clock clock) {
    this.access = access;
    this.traffic = traffic;
    this.serving = serving;
    this.replies = new Replies(serving);
    this.replyTopics = replyTopics;
    this.ids = ids;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** {@code POST /v1/queries}. */
  public void query(Context context) {
    ObjectNode json = Json.body(RequestBody.read(context));
    Query query = finish(context, json);
    if (Boolean.parseBoolean(context.queryParam("wait"))) {
      taken.takeAndWait(query);
      context.future(
          () ->
              new Exchange(context, new QueryForm(), query, access, serving)
                  .start(traffic)
                  .whenComplete((ended, failure) -> taken.release(query.getId())));
      return;
    }
    taken.take(query);
    ObjectNode accepted = Json.object();
    accepted.put("id", query.getId());
    accepted.put("decision", "/v1/decisions/" + query.getId());
    replies.when(
        context, () -> traffic.publish(query).thenApply(sent -> new Replies.Reply(202, accepted)));
  }

  private Query finish(Context context, ObjectNode json) {
    AskHeaders headers = AskHeaders.of(context, timeout);
    Instant now = clock.instant();
    Query.Builder query = QueryReader.query(json, QueryIds.next(clock));
    replyTopics
        .refusal(query.getReplyTo())
        .ifPresent(
            why -> {
              throw GatewayError.badRequest(why);
            });
    query
        .setTenant(access.tenant(context, Json.text(json, "tenant")))
        .setSubmittedAt(now)
        .setDeadline(now.plus(headers.timeout()));
    return ChatQueries.checked(access.admit(context, query, headers.timeout()).build());
  }

  /** {@code GET /v1/decisions/{id}}: the decision on a query, or why the router refused it. */
  public void decision(Context context) {
    String id = ids.queryId(rest(context, "/v1/decisions/"));
    replies.when(
        context,
        () ->
            traffic
                .decision(id)
                .thenCompose(
                    found ->
                        found
                            .map(decision -> CompletableFuture.completedFuture(decided(decision)))
                            .orElseGet(() -> undecided(id))));
  }

  private static Replies.Reply decided(RoutingDecision decision) {
    return new Replies.Reply(200, RecordJson.decision(decision));
  }

  private CompletableFuture<Replies.Reply> undecided(String id) {
    return traffic
        .refusal(id)
        .thenApply(
            refused -> {
              throw refused
                  .map(QueryEndpoints::error)
                  .orElseGet(
                      () ->
                          notFound(
                              "no decision on query \""
                                  + id
                                  + "\" is known: it is not decided yet, or was long ago"));
            });
  }

  private static GatewayError error(RefusedQuery refused) {
    return new Refusal(refused.queryId(), refused.reason(), refused.detail()).error();
  }

  /** {@code GET /v1/outcomes/{id}}: what became of a query whose asker was cut off. */
  public void outcome(Context context) {
    String id = ids.queryId(rest(context, "/v1/outcomes/"));
    replies.when(
        context,
        () ->
            traffic
                .outcome(id)
                .thenApply(
                    found ->
                        new Replies.Reply(
                            200,
                            RecordJson.outcome(
                                found.orElseThrow(
                                    () ->
                                        notFound(
                                            "no outcome of query \""
                                                + id
                                                + "\" is known: it is not there yet, or came too"
                                                + " long ago")),
                                null))));
  }

  private static GatewayError notFound(String message) {
    return new GatewayError(404, "not_found_error", message);
  }

  /** The rest of the path, whatever is in it: ids of clients may hold slashes. */
  static String rest(Context context, String before) {
    String path = context.req().getRequestURI();
    try {
      // a plus is a plus in a path
      return URLDecoder.decode(
          path.substring(before.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw GatewayError.badRequest("the id in the path is not encoded as URLs are");
    }
  }
}
