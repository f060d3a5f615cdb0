package dev.turnout.lab.eval.conversation;

import java.util.Map;

/**
 * What came of the study.
 *
 * @param heldOut by way of choosing the text, the router's own first: on test questions and turns
 *     that nothing was chosen by
 * @param tuning the same on training questions and the turns that the router's way was chosen by
 */
public record ConversationResult(
    Map<String, AgreementRates> heldOut, Map<String, AgreementRates> tuning) {

  /** The router's own rates on what nothing was chosen by. */
  public AgreementRates router() {
    AgreementRates rates = heldOut.get(TextChoice.ROUTER);
    if (rates == null) {
      throw new IllegalStateException("the router's own way was not measured");
    }
    return rates;
  }
}
