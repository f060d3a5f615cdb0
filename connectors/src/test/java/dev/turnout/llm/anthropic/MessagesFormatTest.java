package dev.turnout.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.llm.wire.ChatAssembler;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.llm.wire.EventReader;
import dev.turnout.llm.wire.UnsupportedParameterException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesFormatTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MessagesFormat format = new MessagesFormat();

  private static ObjectNode object(String json) {
    return Objects.requireNonNull(ChatJson.object(json), json);
  }

  private static JsonNode tree(String json) throws Exception {
    return JSON.readTree(json);
  }

  @Test
  void shouldAskForAWholeConversation() throws Exception {
    // given
    ObjectNode chat =
        object(
            """
            {"model":"claude","stream":true,"stream_options":{"include_usage":true},
             "max_completion_tokens":500,"temperature":1.5,"top_p":0.9,"top_k":5,"stop":"END",
             "user":"u1","seed":7,"n":1,"parallel_tool_calls":false,"tool_choice":"required",
             "tools":[{"type":"function","function":{"name":"weather","description":"d",
               "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],
             "messages":[
              {"role":"system","content":"Be brief."},
              {"role":"developer","content":[{"type":"text","text":"In French.",
                "cache_control":{"type":"ephemeral"}}]},
              {"role":"user","content":[{"type":"text","text":"What is it?"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
                {"type":"image_url","image_url":{"url":"https://example.com/x.png"}}]},
              {"role":"assistant","content":null,
               "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],
               "tool_calls":[
                {"id":"a","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Bonn\\"}"}},
                {"id":"b","type":"function","function":{"name":"weather","arguments":""}}]},
              {"role":"tool","tool_call_id":"a","content":"rain"},
              {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"sun"}]},
              {"role":"user","content":"And now?"}]}
            """);

    // when
    ObjectNode request = format.request(chat);

    // then
    assertThat(tree(request.toString()))
        .isEqualTo(
            tree(
                """
                {"model":"claude","stream":true,"max_tokens":500,"temperature":1.0,"top_p":0.9,
                 "top_k":5,"stop_sequences":["END"],"metadata":{"user_id":"u1"},
                 "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                 "tools":[{"name":"weather","description":"d","input_schema":
                   {"type":"object","properties":{"city":{"type":"string"}}}}],
                 "system":[{"type":"text","text":"Be brief."},
                   {"type":"text","text":"In French.","cache_control":{"type":"ephemeral"}}],
                 "messages":[
                  {"role":"user","content":[{"type":"text","text":"What is it?"},
                    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                    {"type":"image","source":{"type":"url","url":"https://example.com/x.png"}}]},
                  {"role":"assistant","content":[
                    {"type":"thinking","thinking":"hm","signature":"s"},
                    {"type":"tool_use","id":"a","name":"weather","input":{"city":"Bonn"}},
                    {"type":"tool_use","id":"b","name":"weather","input":{}}]},
                  {"role":"user","content":[
                    {"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"rain"}]},
                    {"type":"tool_result","tool_use_id":"b","content":[{"type":"text","text":"sun"}]},
                    {"type":"text","text":"And now?"}]}]}
                """));
  }

  @Test
  void shouldThinkAsHardAsAsked() {
    ObjectNode request =
        format.request(
            object("{\"reasoning_effort\":\"high\",\"max_tokens\":9000,\"temperature\":0.2}"));

    assertThat(request.at("/thinking/budget_tokens").asInt()).isEqualTo(8_999);
    assertThat(request.has("temperature")).isFalse();

    // an answer too short to think in
    assertThat(
            format
                .request(object("{\"reasoning_effort\":\"low\",\"max_tokens\":900}"))
                .has("thinking"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":2}",
        "{\"logprobs\":true}",
        "{\"response_format\":{\"type\":\"json_object\"}}",
        "{\"frequency_penalty\":0.5}",
        "{\"modalities\":[\"text\",\"audio\"]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]}"
      })
  void shouldRefuseByNameWhatTheApiCannotDo(String chat) {
    String name = object(chat).fieldNames().next();

    assertThatThrownBy(() -> format.request(object(chat)))
        .isInstanceOfSatisfying(
            UnsupportedParameterException.class,
            refusal -> assertThat(refusal.parameter()).isEqualTo(name));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com, https://api.anthropic.com/v1/messages",
    "https://api.anthropic.com/v1/, https://api.anthropic.com/v1/messages",
    "http://proxy/anthropic?x=1, http://proxy/anthropic/v1/messages?x=1",
  })
  void shouldKnowItsAddress(URI base, URI chats) {
    assertThat(format.chats(base)).isEqualTo(chats);
  }

  @Test
  void shouldGiveBackAnAnswerAsAChat() throws Exception {
    // when
    ObjectNode answer =
        format.answer(
            object(
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-x",
                 "content":[{"type":"thinking","thinking":"hm","signature":"s"},
                  {"type":"text","text":"Let me see."},
                  {"type":"tool_use","id":"a","name":"weather","input":{"city":"Bonn"}}],
                 "stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":20,
                  "cache_creation_input_tokens":100,"cache_read_input_tokens":1000}}
                """));

    // then
    assertThat(answer.remove("created").isIntegralNumber()).isTrue();
    assertThat(tree(answer.toString()))
        .isEqualTo(
            tree(
                """
                {"id":"msg_1","object":"chat.completion","model":"claude-x","choices":[{"index":0,
                 "message":{"role":"assistant","content":"Let me see.","reasoning_content":"hm",
                  "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],
                  "tool_calls":[{"id":"a","type":"function","function":
                   {"name":"weather","arguments":"{\\"city\\":\\"Bonn\\"}"}}]},
                 "finish_reason":"tool_calls"}],
                 "usage":{"prompt_tokens":1110,"completion_tokens":20,"total_tokens":1130,
                  "prompt_tokens_details":{"cached_tokens":1000},
                  "cache_creation_input_tokens":100,"cache_read_input_tokens":1000}}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "max_tokens, length",
    "refusal, content_filter",
    "pause_turn, stop",
    "model_context_window_exceeded, length",
  })
  void shouldSayWhyAnAnswerEnded(String theirs, String ours) {
    ObjectNode answer =
        format.answer(object("{\"content\":[],\"stop_reason\":\"" + theirs + "\"}"));

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo(ours);
    assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
  }

  @Test
  void shouldTurnAStreamIntoPieces() throws Exception {
    // given
    String events =
        """
        {"type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":10,"cache_read_input_tokens":1000,"output_tokens":1}}}
        {"type":"ping"}
        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}}
        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}
        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}
        {"type":"content_block_stop","index":0}
        {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
        {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me"}}
        {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" see."}}
        {"type":"content_block_stop","index":1}
        {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"weather","input":{}}}
        {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"city\\":"}}
        {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\\"Bonn\\"}"}}
        {"type":"content_block_stop","index":2}
        {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"b","name":"clock","input":{}}}
        {"type":"content_block_stop","index":3}
        {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}}
        {"type":"message_stop"}
        """;
    EventReader reader = format.events();
    ChatAssembler assembler = new ChatAssembler(10_000);
    List<String> texts = new ArrayList<>();

    // when
    events
        .lines()
        .forEach(
            event -> {
              assertThat(reader.finished()).isFalse();
              for (EventReader.Piece piece : reader.read(event, object(event))) {
                assembler.add(object(piece.text()));
                texts.add(piece.text());
              }
            });

    // then
    assertThat(reader.finished()).isTrue();
    assertThat(texts).hasSize(13).allMatch(text -> text.contains("chat.completion.chunk"));
    ObjectNode whole = assembler.answer();
    whole.remove("created");
    assertThat(tree(whole.toString()))
        .isEqualTo(
            tree(
                """
                {"id":"msg_1","object":"chat.completion","model":"claude-x","choices":[{"index":0,
                 "message":{"role":"assistant","content":"Let me see.","reasoning_content":"hm",
                  "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],
                  "tool_calls":[
                   {"id":"a","type":"function","function":
                    {"name":"weather","arguments":"{\\"city\\":\\"Bonn\\"}"}},
                   {"id":"b","type":"function","function":{"name":"clock","arguments":"{}"}}]},
                 "finish_reason":"tool_calls"}],
                 "usage":{"prompt_tokens":1010,"completion_tokens":20,"total_tokens":1030,
                  "prompt_tokens_details":{"cached_tokens":1000},
                  "cache_creation_input_tokens":0,"cache_read_input_tokens":1000}}
                """));
  }
}
