package dev.turnout.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointRightTest {

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/chat/completions, ASK",
    "POST, /v1/messages, ASK",
    "POST, /v1/messages/count_tokens, ASK",
    "POST, /v1/responses, ASK",
    "POST, /v1/queries, ASK",
    "POST, /v1/queries/, ASK",
    "POST, /v1/route, DECIDE",
    "POST, /v1/feedback, GRADE",
    "GET, /v1/decisions/a/b, READ",
    "GET, /v1/outcomes/17, READ",
    "GET, /v1/responses/resp_1, READ",
    "GET, /v1/models, ANY_KEY",
    "HEAD, /v1/models/gpt-5, ANY_KEY",
    "POST, /v1/models, ADMINISTER",
    "DELETE, /v1/responses/resp_1, ADMINISTER",
    "GET, /v1/keys, ADMINISTER",
    "POST, /v1/routes, ADMINISTER",
    "POST, /v1//queries, ADMINISTER",
    "POST, /v1/QUERIES, ADMINISTER",
    "GET, /v1/decisionsx, ADMINISTER"
  })
  void shouldAskForTheRightOfEachEndpoint(String method, String path, EndpointRight right) {
    assertThat(EndpointRight.of(method, path)).isEqualTo(right);
  }

  @Test
  void shouldNeedEveryRightByItself() {
    // given somebody who may nothing
    Rights none = new Rights(false, false, List.of(), List.of(), false);

    // then
    assertThat(EndpointRight.values())
        .filteredOn(right -> right.isIn(none))
        .containsExactly(EndpointRight.ANY_KEY);
    assertThat(EndpointRight.values())
        .filteredOn(right -> right.isIn(new Rights(true, false, List.of(), List.of("a"), false)))
        .containsExactly(EndpointRight.ANY_KEY, EndpointRight.ASK, EndpointRight.READ);
    assertThat(EndpointRight.values()).allMatch(right -> right.isIn(Rights.ALL));
  }
}
