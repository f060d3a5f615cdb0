package dev.turnout.gateway;

import static dev.turnout.gateway.FakeGateway.chat;
import static dev.turnout.gateway.FakeGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes in and comes out of every endpoint, in its own dialect. */
class GatewayHttpIT {

  private static final String CHAT = "/v1/chat/completions";

  private static FakeGateway fake;

  @BeforeAll
  static void start() {
    fake =
        new FakeGateway(
            "gateway.aliases",
            "gpt-4o=auto,fast=" + FakeTraffic.LLM + ",broken=nobody",
            "gateway.cors.origins",
            "https://chat.example.org");
  }

  @AfterAll
  static void stop() {
    fake.close();
  }

  private static Query asked(String text) {
    return fake.traffic.asked.stream()
        .filter(query -> query.getText().equals(text))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  @Test
  void shouldHandOnTheChatAsItCameAndTheAnswerAsTheLlmGaveIt() throws Exception {
    // given
    String body =
        chat(
            "unchanged",
            ",\"temperature\":0.2,\"seed\":7,\"n\":2,\"logit_bias\":{\"1\":2},\"unknown\":[1],"
                + "\"service_tier\":\"flex\",\"prompt_cache_key\":\"s1\",\"max_tokens\":4000,"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]");

    // when
    HttpResponse<String> response = fake.post(CHAT, body, "x-turnout-timeout-ms", "5000");

    // then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode json = json(response);
    assertThat(json.path("id").asText()).isEqualTo("chatcmpl-upstream-1");
    assertThat(json.path("system_fingerprint").asText()).isEqualTo("fp_1");
    assertThat(json.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
    assertThat(json.path("usage").path("prompt_tokens_details").path("cached_tokens").asInt())
        .isEqualTo(4);
    assertThat(json.path("model").asText()).isEqualTo(FakeTraffic.LLM);
    assertThat(response.headers().firstValue("x-turnout-llm")).contains(FakeTraffic.LLM);
    Query query = asked("unchanged");
    assertThat(query.getChat().getBody()).isEqualTo(body);
    assertThat(query.getChat().getStream()).isFalse();
    assertThat(query.getNeeds().getCapabilities()).containsExactly("tools");
    assertThat(query.getNeeds().getMaxOutputTokens()).isEqualTo(4000);
    assertThat(query.getSession()).isEqualTo("s1");
    assertThat(query.getPriority()).isEqualTo(Priority.BATCH);
    assertThat(query.getDeadline()).isEqualTo(query.getSubmittedAt().plusMillis(5000));
  }

  @Test
  void shouldKnowWhoAnsweredBeforeInTheSameConversation() throws Exception {
    // given
    fake.post(CHAT, chat("first turn", ""));

    // when
    fake.post(
        CHAT,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"first turn\"},"
            + "{\"role\":\"assistant\",\"content\":\"an answer\"},"
            + "{\"role\":\"user\",\"content\":\"second turn\"}]}");

    // then
    Query second = asked("second turn");
    assertThat(second.getSession()).isEqualTo(asked("first turn").getSession());
    assertThat(second.getConversation().getPreviousLlm()).isEqualTo(FakeTraffic.LLM);
    assertThat(second.getConversation().getPrefixTokens()).isPositive();
    assertThat(second.getConversation().getTurns().get(0).getText()).isEqualTo("an answer");
  }

  @Test
  void shouldRefuseUnknownModelsAndAskThoseThatAreNamed() throws Exception {
    HttpResponse<String> unknown = fake.post(CHAT, chat("who", ",\"model\":\"gpt-9\""));
    HttpResponse<String> broken = fake.post(CHAT, chat("who", ",\"model\":\"broken\""));
    HttpResponse<String> draining = fake.post(CHAT, chat("who", ",\"model\":\"old\""));
    HttpResponse<String> alias = fake.post(CHAT, chat("alias", ",\"model\":\"fast\""));
    HttpResponse<String> routed = fake.post(CHAT, chat("routed", ",\"model\":\"gpt-4o\""));
    HttpResponse<String> anthropics =
        fake.post(
            "/v1/messages",
            "{\"model\":\"claude-x\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).path("error").path("code").asText()).isEqualTo("model_not_found");
    assertThat(broken.statusCode()).isEqualTo(404);
    assertThat(draining.statusCode()).isEqualTo(503);
    assertThat(draining.headers().firstValue("retry-after")).isPresent();
    assertThat(alias.statusCode()).isEqualTo(200);
    assertThat(asked("alias").getConstraints().getAllowedLlms()).containsExactly(FakeTraffic.LLM);
    assertThat(routed.statusCode()).isEqualTo(200);
    assertThat(asked("routed").getConstraints()).isNull();
    assertThat(anthropics.statusCode()).isEqualTo(404);
    assertThat(json(anthropics).path("error").path("type").asText()).isEqualTo("not_found_error");
  }

  @Test
  void shouldReportErrorsInEachDialectAndKeepWhatIsInside() throws Exception {
    // given
    fake.traffic.on(
        "too long",
        (query, listener) ->
            listener.answered(
                FakeTraffic.outcome(query)
                    .setStatus(OutcomeStatus.REJECTED)
                    .setError("400 (model at http://10.0.0.3:8000)")
                    .setHttpStatus(400)
                    .setErrorBody(
                        "{\"error\":{\"message\":\"too many"
                            + " tokens\",\"type\":\"invalid_request_error\","
                            + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}")
                    .build(),
                null));
    fake.traffic.on(
        "rate",
        (query, listener) ->
            listener.answered(
                FakeTraffic.outcome(query)
                    .setStatus(OutcomeStatus.FAILED)
                    .setHttpStatus(429)
                    .setRetryAfterMs(11_500L)
                    .build(),
                null));
    fake.traffic.on(
        "our key",
        (query, listener) ->
            listener.answered(
                FakeTraffic.outcome(query)
                    .setStatus(OutcomeStatus.FAILED)
                    .setHttpStatus(401)
                    .setErrorBody("{\"error\":{\"message\":\"bad key sk-1\"}}")
                    .setError("401 (model at http://10.0.0.3:8000)")
                    .build(),
                null));

    // when
    HttpResponse<String> own = fake.post(CHAT, chat("too long", ""));
    HttpResponse<String> anthropic = fake.post("/v1/messages", messages("too long"));
    HttpResponse<String> rate = fake.post(CHAT, chat("rate", ""));
    HttpResponse<String> key = fake.post(CHAT, chat("our key", ""));

    // then
    assertThat(own.statusCode()).isEqualTo(400);
    assertThat(json(own).path("error").path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(json(own).path("error").path("param").asText()).isEqualTo("messages");
    assertThat(anthropic.statusCode()).isEqualTo(400);
    assertThat(json(anthropic).path("type").asText()).isEqualTo("error");
    assertThat(json(anthropic).path("error").path("message").asText()).isEqualTo("too many tokens");
    assertThat(rate.statusCode()).isEqualTo(429);
    assertThat(rate.headers().firstValue("retry-after")).contains("12");
    assertThat(key.statusCode()).isEqualTo(502);
    assertThat(key.body()).doesNotContain("10.0.0.3", "sk-1", "worker-7");
  }

  private static String messages(String text) {
    return "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
  }

  @Test
  void shouldAnswerUnknownPathsAndMethodsInTheirForm() throws Exception {
    HttpResponse<String> path = fake.get("/v1/unknown");
    HttpResponse<String> anthropic = fake.get("/v1/unknown", "anthropic-version", "2023-06-01");
    HttpResponse<String> method = fake.get("/v1/messages");
    HttpResponse<String> broken = fake.post("/v1/responses", "no json");

    assertThat(path.statusCode()).isEqualTo(404);
    assertThat(json(path).path("error").path("message").asText()).contains("no such path");
    assertThat(json(anthropic).path("type").asText()).isEqualTo("error");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(json(method).path("type").asText()).isEqualTo("error");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(json(broken).path("error").path("message").asText()).contains("not JSON");
  }

  @Test
  void shouldAnswerBrowsersThatAskFirst() throws Exception {
    // given a gateway that asks for a token
    try (FakeGateway closed =
        new FakeGateway(
            "gateway.tokens", "t0ken", "gateway.cors.origins", "https://chat.example.org")) {
      HttpResponse<String> allowed = preflight(closed, "https://chat.example.org");
      HttpResponse<String> other = preflight(closed, "https://evil.example.org");
      HttpResponse<String> stranger =
          closed.post("/v1/messages", messages("?"), "Origin", "https://chat.example.org");
      HttpResponse<String> known = closed.post("/v1/messages", messages("?"), "x-api-key", "t0ken");

      assertThat(allowed.statusCode()).isEqualTo(204);
      assertThat(allowed.headers().firstValue("access-control-allow-origin"))
          .contains("https://chat.example.org");
      assertThat(allowed.headers().firstValue("access-control-allow-headers"))
          .contains("authorization,x-stainless-os");
      assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
      assertThat(stranger.statusCode()).isEqualTo(401);
      assertThat(json(stranger).path("error").path("type").asText())
          .isEqualTo("authentication_error");
      // or the page could not read what is wrong
      assertThat(stranger.headers().firstValue("access-control-allow-origin")).isPresent();
      assertThat(known.statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> preflight(FakeGateway gateway, String origin)
      throws Exception {
    return gateway.http.send(
        gateway
            .request(CHAT)
            .method("OPTIONS", BodyPublishers.noBody())
            .headers(
                "Origin", origin,
                "Access-Control-Request-Method", "POST",
                "Access-Control-Request-Headers", "authorization,x-stainless-os")
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void shouldListTheModelsInBothForms() throws Exception {
    JsonNode openAi = json(fake.get("/v1/models"));
    JsonNode anthropic = json(fake.get("/v1/models", "anthropic-version", "2023-06-01"));
    JsonNode one = json(fake.get("/v1/models/acme%2Fsmall"));
    JsonNode anthropicsOne =
        json(fake.get("/v1/models/acme%2Fsmall", "anthropic-version", "2023-06-01"));

    assertThat(openAi.path("data").findValuesAsText("id"))
        .contains("auto", "turnout", "gpt-4o", "fast", FakeTraffic.LLM)
        .doesNotContain("old");
    assertThat(anthropic.path("data").path(0).path("type").asText()).isEqualTo("model");
    assertThat(anthropic.path("has_more").asBoolean(true)).isFalse();
    assertThat(one.path("context_window").asLong()).isEqualTo(8192);
    assertThat(anthropicsOne.path("max_input_tokens").asLong()).isEqualTo(8192);
    assertThat(fake.get("/v1/models/acme/small").statusCode()).isEqualTo(200);
    assertThat(fake.get("/v1/models/none").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldDecideWithoutAnAnswer() throws Exception {
    // given
    fake.traffic.on(
        "decide", (query, listener) -> listener.decided(FakeTraffic.decided(query.getId())));

    // when
    HttpResponse<String> text = fake.post("/v1/route", "{\"text\":\"decide\"}");
    HttpResponse<String> messages = fake.post("/v1/route", chat("decide", ",\"stream\":true"));

    // then
    assertThat(text.statusCode()).as(text.body()).isEqualTo(200);
    assertThat(json(text).path("llm").asText()).isEqualTo(FakeTraffic.LLM);
    assertThat(json(text).path("reason").asText()).isEqualTo("the only one");
    assertThat(messages.statusCode()).isEqualTo(200);
    assertThat(asked("decide").getDecideOnly()).isTrue();
  }

  @Test
  void shouldFindWhatWasAnsweredByIdsOfAnyForm() throws Exception {
    // given
    HttpResponse<String> chat = fake.post(CHAT, chat("find me", ""));
    String id = chat.headers().firstValue("x-turnout-query-id").orElseThrow();
    String odd = "a/b c?d+e";
    fake.traffic.decisions.put(odd, FakeTraffic.decided(odd));
    fake.traffic.outcomes.put(id, FakeTraffic.answer(asked("find me"), "found"));

    // when, then
    for (String form : new String[] {id, "chatcmpl-" + id, "resp_" + id, "msg_" + id + "_0"}) {
      assertThat(json(fake.get("/v1/decisions/" + form)).path("id").asText()).isEqualTo(id);
    }
    assertThat(json(fake.get("/v1/decisions/a%2Fb%20c%3Fd+e")).path("id").asText()).isEqualTo(odd);
    assertThat(json(fake.get("/v1/outcomes/" + id)).path("answer").asText()).isEqualTo("found");
    assertThat(fake.get("/v1/outcomes/none").statusCode()).isEqualTo(404);

    // and an answer is graded by the id that the LLM gave it, once
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> thumb =
          fake.post("/v1/feedback", "{\"id\":\"chatcmpl-upstream-1\",\"thumb\":\"down\"}");
      assertThat(thumb.statusCode()).as(thumb.body()).isEqualTo(202);
    }
    assertThat(fake.traffic.grades)
        .filteredOn(grade -> grade.getGrader().equals("thumbs"))
        .hasSize(1)
        .allSatisfy(grade -> assertThat(grade.getReward()).isZero());
    assertThat(fake.post("/v1/feedback", "{\"id\":\"x\",\"thumb\":\"sideways\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void shouldKeepAnIdForOneQuestion() throws Exception {
    // given
    BlockingQueue<AskListener> waiting = new LinkedBlockingQueue<>();
    fake.traffic.on("under way", (query, listener) -> waiting.add(listener));
    String body = "{\"id\":\"mine\",\"text\":\"under way\"}";
    CompletableFuture<HttpResponse<String>> first =
        fake.http.sendAsync(
            fake.request("/v1/queries?wait=true").POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
    AskListener listener = waiting.poll(2, TimeUnit.MINUTES);
    assertThat(listener).isNotNull();

    // when
    HttpResponse<String> again = fake.post("/v1/queries?wait=true", body);
    HttpResponse<String> other =
        fake.post("/v1/queries?wait=true", "{\"id\":\"mine\",\"text\":\"another\"}");
    listener.answered(FakeTraffic.answer(asked("under way"), "yes"), FakeTraffic.decided("mine"));

    // then
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(json(other).path("error").path("message").asText()).contains("another question");
    assertThat(json(first.get(2, TimeUnit.MINUTES)).path("answer").asText()).isEqualTo("yes");
    assertThat(json(first.get()).path("decision").path("llm").asText()).isEqualTo(FakeTraffic.LLM);
  }

  @Test
  void shouldSpeakAnthropicsAndOpenAisNewerApis() throws Exception {
    JsonNode message = json(fake.post("/v1/messages", messages("hello")));
    JsonNode response = json(fake.post("/v1/responses", "{\"input\":\"hello\"}"));
    String followUp =
        "{\"input\":\"and then\",\"previous_response_id\":\""
            + response.path("id").asText()
            + "\"}";
    HttpResponse<String> next = fake.post("/v1/responses", followUp);
    HttpResponse<String> lost =
        fake.post("/v1/responses", "{\"input\":\"?\",\"previous_response_id\":\"resp_x\"}");
    JsonNode count = json(fake.post("/v1/messages/count_tokens", messages("hello")));
    JsonNode inputTokens = json(fake.post("/v1/responses/input_tokens", "{\"input\":\"hello\"}"));

    assertThat(message.path("content").path(0).path("text").asText()).isEqualTo("hello");
    assertThat(message.path("stop_reason").asText()).isEqualTo("max_tokens");
    assertThat(response.path("output").path(0).path("content").path(0).path("text").asText())
        .isEqualTo("hello");
    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    assertThat(asked("and then").getChat().getBody())
        .contains("\"role\":\"assistant\",\"content\":\"hello\"");
    assertThat(lost.statusCode()).isEqualTo(400);
    assertThat(lost.body()).contains("previous_response_not_found", "resp_x");
    assertThat(count.path("input_tokens").asLong()).isPositive();
    assertThat(inputTokens.path("object").asText()).isEqualTo("response.input_tokens");
    assertThat(inputTokens.path("input_tokens")).isEqualTo(count.path("input_tokens"));
  }

  @Test
  void shouldKnowTheItemsOfItsAnswersByTheirIds() throws Exception {
    // given an answer whole, one in pieces, and one that is not to be remembered
    JsonNode whole = json(fake.post("/v1/responses", "{\"input\":\"one\"}"));
    String streamed = fake.post("/v1/responses", "{\"input\":\"two\",\"stream\":true}").body();
    JsonNode unstored = json(fake.post("/v1/responses", "{\"input\":\"three\",\"store\":false}"));
    String ofStream = streamed.replaceAll("(?s).*\"item_id\":\"(msg_[^\"]+)\".*", "$1");

    // when
    HttpResponse<String> known =
        fake.post(
            "/v1/responses",
            "{\"input\":[{\"role\":\"user\",\"content\":\"one\"},"
                + reference(whole.path("output").path(0).path("id").asText())
                + ",{\"role\":\"user\",\"content\":\"two\"},"
                + reference(ofStream)
                + ",{\"role\":\"user\",\"content\":\"referred\"}]}");
    HttpResponse<String> unknown =
        fake.post(
            "/v1/responses",
            "{\"input\":[" + reference(unstored.path("output").path(0).path("id").asText()) + "]}");

    // then
    assertThat(known.statusCode()).as(known.body()).isEqualTo(200);
    assertThat(asked("referred").getChat().getBody())
        .contains(
            "{\"role\":\"assistant\",\"content\":\"one\"}",
            "{\"role\":\"assistant\",\"content\":\"two\"}");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(json(unknown).path("error").path("code").asText()).isEqualTo("item_not_found");
  }

  private static String reference(String id) {
    return "{\"type\":\"item_reference\",\"id\":\"" + id + "\"}";
  }

  @Test
  void shouldGiveTheIdOfTheQueryWhereClientsLookForIt() throws Exception {
    HttpResponse<String> chat = fake.post(CHAT, chat("id", ""));
    HttpResponse<String> message = fake.post("/v1/messages", messages("id"));

    assertThat(chat.headers().firstValue("x-request-id"))
        .isPresent()
        .isEqualTo(chat.headers().firstValue("x-turnout-query-id"));
    assertThat(message.headers().firstValue("request-id"))
        .isPresent()
        .isEqualTo(message.headers().firstValue("x-turnout-query-id"));
  }
}
