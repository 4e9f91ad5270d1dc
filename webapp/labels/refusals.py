"""What a person reads when something is refused."""

from webapp.labels.refusals_of_money import MONEY
from webapp.labels.refusals_of_papers import PAPERS
from webapp.labels.refusals_of_steering import STEERING
from webapp.labels.words import Words

REFUSALS: Words = {
    **MONEY,
    **PAPERS,
    **STEERING,
    "rules_refused": ("Bộ quy tắc thời hạn có lỗi: {sentence}", "The rules contradict one another: {sentence}"),
    "domain_error": ("Không thực hiện được.", "This cannot be done."),
    "missing": ("Không tìm thấy.", "Not found."),
    "incident_over": ("Sự cố này không còn: việc đã xong.", "This incident is over: what broke has been done."),
    "forbidden": ("Bạn không có quyền làm việc này.", "You may not do this."),
    "cannot_move": ("Hồ sơ không chuyển được sang phiên bản đó: {sentence}", "The dossier cannot move: {sentence}"),
    "nothing_to_move": (
        "Hồ sơ đã kết thúc: không còn gì để chuyển sang phiên bản khác.",
        "The dossier has ended: nothing is left that could go on in another version.",
    ),
    "not_its_version": (
        "Đó không phải là một phiên bản đã công bố khác của chính quy trình này.",
        "That is not another published version of the dossier's own diagram.",
    ),
    "stale": (
        "Hồ sơ vừa có thay đổi. Hãy xem lại rồi làm tiếp.",
        "This has changed. Please look again and go on.",
    ),
    "invalid": ("Thông tin chưa đúng.", "Something is not right."),
    "deploy_refused": (
        "Gói quy trình có lỗi nên chưa được lưu: {sentence}",
        "The bundle has errors and was not stored: {sentence}",
    ),
    "version_not_draft": (
        "Chỉ công bố được bản nháp; phiên bản này đã được công bố.",
        "Only a draft can be published; this version was published before.",
    ),
    "part_not_published": (
        "Phần “{part}” mà quy trình gọi còn là bản nháp; hãy công bố phần đó trước.",
        "The called part “{part}” is still a draft; publish it first.",
    ),
    "effective_too_early": (
        "Phiên bản mới chỉ có thể có hiệu lực từ ngày {since}: không sớm hơn hôm nay và phiên bản đang áp dụng.",
        "A new version can take effect from {since} on: not before today, nor before the one in force began.",
    ),
    "task_overtaken": (
        "Việc này không còn phải làm: {who} đã đưa hồ sơ đi tiếp lúc {at}. Những gì bạn gõ vẫn còn ở dưới.",
        "Nobody has to do this any more: {who} moved the dossier on at {at}. What you typed is still below.",
    ),
    "task_already_done": (
        "{who} đã hoàn thành việc này lúc {at}. Những gì bạn gõ vẫn còn ở dưới.",
        "{who} finished this at {at}. What you typed is still below.",
    ),
    "task_held": ("{who} đang giữ việc này từ {at}.", "{who} has held this since {at}."),
    "task_changed": (
        "{who} đã thay đổi hồ sơ lúc {at}, sau khi bạn mở trang. Những gì bạn gõ vẫn còn ở dưới.",
        "{who} changed the dossier at {at}, after you opened the page. What you typed is still below.",
    ),
    "task_not_yours": ("Không có việc này trong phần việc của bạn.", "No such task among yours."),
    "same_hands": (
        "Người đã thẩm tra hồ sơ không được ký hồ sơ đó.",
        "Who examined a dossier may not sign it.",
    ),
    "office_not_offered": ("Không có cơ quan được chọn.", "There is no such office."),
    "not_in_lane": (
        "Cán bộ được chọn hôm nay không ở vị trí này.",
        "That officer does not stand in this lane today.",
    ),
    "child_not_declared": (
        "Chưa mở được hồ sơ con «{child}»: tờ khai còn thiếu hoặc sai {fields}.",
        "The dossier “{child}” cannot be opened: missing or wrong in the declaration: {fields}.",
    ),
    "channel_not_offered": (
        "Thủ tục {procedure} không nộp được theo cách này. {why} ({article}).",
        "Procedure {procedure} is not lodged this way. {why} ({article}).",
    ),
    "lodged_in_group": (
        "Thủ tục này chỉ nộp cùng nhóm thủ tục liên thông.",
        "This is lodged with its group only.",
    ),
    "office_unclear": (
        "Hãy chọn cơ quan giải quyết cho thủ tục này.",
        "Please choose the office that decides.",
    ),
    "procedure_not_in_force": (
        "Thủ tục {procedure} chưa có quy trình đang áp dụng.",
        "No version of {procedure} is in force.",
    ),
    "limit_unknown": (
        "Thủ tục này không công bố thời hạn. Hãy ghi số ngày làm việc đã thỏa thuận với người nộp.",
        "No limit is published. Enter the working days agreed with the applicant.",
    ),
    "extension_too_late": (
        "Phải xin lỗi và hẹn lại trước hạn, muộn nhất {latest} ({article}).",
        "The apology must come before the due date, by {latest} at the latest ({article}).",
    ),
    "extension_too_far": (
        "Luật không cho thủ tục này thời hạn dài hơn {latest}, kể cả khi phải xác minh ({article}).",
        "The law gives this procedure no more time than {latest}, even where something must be verified ({article}).",
    ),
    "appointment_too_far": (
        "Ngày hẹn lại không được muộn hơn {latest} ({article}). Hãy xem lại năm đã gõ.",
        "The new date must not lie behind {latest} ({article}). Look at the year again.",
    ),
    "ministry_contradicts": (
        "Hệ thống của bộ báo trạng thái không khớp với trạng thái đã báo trước.",
        "The ministry’s system contradicts what it said before.",
    ),
    "decided_elsewhere": (
        "Hồ sơ này do bộ giải quyết trên hệ thống của bộ: rút hoặc dừng ở đó, hệ thống này cập nhật theo.",
        "A ministry decides this dossier in its own system: withdraw or stop it there, this one follows.",
    ),
    "not_stoppable": (
        "Chỉ dừng được hồ sơ đã tiếp nhận và chưa có kết quả.",
        "Only a dossier that was accepted and has no result yet can be stopped.",
    ),
    "ground_missing": ("Hãy chọn căn cứ từ chối.", "Choose the ground of the refusal."),
    "right_office_missing": (
        "Nộp nhầm cơ quan thì phải chỉ rõ cơ quan có thẩm quyền: hãy chọn trong danh sách (Nghị định 118/2025/NĐ-CP, Điều 17).",
        "Whoever came to the wrong office is told the right one: choose it in the list (Decree 118/2025, art. 17).",
    ),
    "not_accepted": (
        "Giấy tiếp nhận và hẹn trả kết quả chỉ lập khi hồ sơ đã được tiếp nhận.",
        "The receipt is made when the dossier is accepted.",
    ),
    "receipt_there": (
        "Giấy tiếp nhận đã lập: hãy in lại bản đó.",
        "The receipt was made before: print that one again.",
    ),
    "procedure_unknown": (
        "Ô mã thủ tục: không có thủ tục nào có mã hay tên «{typed}». Gõ tên rồi chọn trong danh sách, hoặc ghi đúng mã.",
        "Procedure: none has the code or the name «{typed}». Type its name and choose from the list, or give its code.",
    ),
    "procedure_name_shared": (
        "Ô mã thủ tục: có nhiều thủ tục tên «{typed}» ({codes}). Hãy ghi mã.",
        "Procedure: several are called «{typed}» ({codes}). Please give the code.",
    ),
    "not_at_counter": (
        "Quy trình của thủ tục {procedure} không có bước giải quyết tại quầy.",
        "The diagram of {procedure} has no step at which the counter decides.",
    ),
    "not_at_the_counter_of": (
        "Chỉ giao cho người đang tiếp nhận tại Bộ phận Một cửa của {office}.",
        "Only an officer who receives at the counter of {office} may be chosen.",
    ),
    "days_unclear": (
        "Việc giao bắt đầu từ hôm nay trở đi, và không kết thúc trước ngày bắt đầu.",
        "It begins today or later, and does not end before it began.",
    ),
    "not_delegated": (
        "Hôm nay bạn không được cơ quan giao giải quyết thủ tục này tại quầy (Nghị định 118/2025/NĐ-CP, Điều 17 khoản 5).",
        "The office has not delegated this procedure to you today (Decree 118/2025, art. 17(5)).",
    ),
    "delegation_malformed": (
        "Hãy chọn cơ quan, người được giao, thủ tục, ngày bắt đầu và ghi số quyết định.",
        "Choose the office, the officer, the procedure and the first day, and give the number of the decision.",
    ),
    "channel_unknown": ("Không nhận hồ sơ theo cách này.", "Dossiers do not come in this way."),
    "assistance_unclear": (
        "Nộp giúp người dân thì phải chọn lý do và ghi rõ.",
        "Whoever lodges for a citizen chooses the ground and says why.",
    ),
    "mandate_malformed": (
        "Văn bản ủy quyền: hãy ghi đủ họ tên, số định danh, số văn bản, và ngày có trong lịch.",
        "Authorisation: give the name, the personal number, the number of the paper, and days that the calendar has.",
    ),
    "mandate_unclear": (
        "Hãy ghi đủ họ tên người được ủy quyền, số văn bản và việc được ủy quyền.",
        "Give the name of the representative, the number of the paper and what it allows.",
    ),
    "mandate_dated": (
        "Ngày của văn bản ủy quyền không được sau hôm nay, cũng không được sau ngày văn bản hết giá trị.",
        "The day of the authorisation is neither after today nor after its own last day.",
    ),
    "nothing_left_to_do": (
        "Hồ sơ đã kết thúc: không ghi nhận thêm người được ủy quyền.",
        "The dossier has ended: nobody is named for it any more.",
    ),
    "mandate_unknown": (
        "Hồ sơ chưa ghi nhận văn bản ủy quyền số {number}: hãy ghi nhận trước ở trang hồ sơ.",
        "No authorisation no. {number} is recorded: record it first on the page of the dossier.",
    ),
    "mandate_expired": (
        "Văn bản ủy quyền số {number} của {who} đã hết hiệu lực từ sau ngày {until}.",
        "The authorisation no. {number} of {who} ended on {until}.",
    ),
    "mandate_of_another": (
        "Người này không phải chủ hồ sơ, cũng không phải {who} ghi trong văn bản ủy quyền.",
        "This is neither the applicant nor {who}, whom the authorisation names.",
    ),
    "number_of_another": (
        "Số định danh này không phải của người yêu cầu, cũng không phải của người được ủy quyền trong hồ sơ.",
        "This personal number is neither the applicant's nor that of anybody authorised in the dossier.",
    ),
    "not_authorised": (
        "Văn bản ủy quyền của {who} không bao gồm việc này: {deed}.",
        "The authorisation of {who} is not for this: {deed}.",
    ),
    "nothing_asked": (
        "Chưa có nội dung nào phải bổ sung: hãy đánh dấu giấy tờ thiếu, không hợp lệ hoặc ghi nội dung phải hoàn thiện.",
        "Nothing is asked for yet: mark what is missing or not valid, or write what must be completed.",
    ),
    "asked_once": (
        "Trước khi tiếp nhận chỉ được yêu cầu bổ sung một lần: {names} không có trong phiếu đã gửi (Nghị định 118/2025/NĐ-CP, Điều 16, Điều 17).",
        "Before acceptance papers are asked for once: {names} was not in the first request (Decree 118/2025, art. 16, 17).",
    ),
    "ground_unknown": ("Hãy chọn căn cứ dừng giải quyết.", "Choose the ground on which the work is stopped."),
    "reason_missing": ("Hãy ghi rõ lý do.", "Say why."),
    "lodged_otherwise": (
        "Trang này đã được gửi trước đó với nội dung khác; hồ sơ nộp lần đầu vẫn giữ nguyên. Hãy mở trang mới.",
        "This page was sent before with other contents; what was lodged then stands. Please open a new page.",
    ),
    "supplement_used": (
        "Đã yêu cầu bổ sung đủ số lần được phép: phải kết luận trên hồ sơ hiện có.",
        "The applicant was asked as often as allowed: conclude on the papers at hand.",
    ),
    "supplement_late": (
        "Đã quá hạn yêu cầu bổ sung ({latest}): hãy ghi lý do gửi muộn.",
        "The time to ask for papers ended on {latest}: say why this is sent later.",
    ),
    "source_missing": (
        "Hãy ghi nội dung và văn bản làm căn cứ.",
        "Say what it is and which law or notice is behind it.",
    ),
    "day_out_of_range": ("Ngày {day} quá xa hôm nay.", "{day} lies too far from today."),
    "hours_unclear": (
        "Giờ làm việc ghi như 07:00-11:30, 13:30-17:00; mỗi tuần mở cửa ít nhất một ngày.",
        "Hours are written as 07:00-11:30, 13:30-17:00; a week is open on at least one day.",
    ),
    "fault_unclear": (
        "Thời gian ngừng phải kết thúc sau khi bắt đầu; chỉ lần ngừng theo kế hoạch mới ở phía trước và phải ghi giờ kết thúc.",
        "It ends after it began; only a planned downtime lies ahead, and it says when it ends.",
    ),
    "announced_too_late": (
        "Ngừng theo kế hoạch phải báo trước {days} ngày làm việc: sớm nhất từ ngày {first}.",
        "A planned downtime is announced {days} working days ahead: from {first} on.",
    ),
    "change_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "date_missing": ("Hãy ghi ngày, giờ có trong lịch.", "Enter a day and a time that the calendar has."),
    "batch_changed": (
        "Danh sách hồ sơ chuyển hạn đã khác so với lúc bạn xem. Hãy xem lại rồi xác nhận.",
        "Which dates move has changed since you looked. Please look again and confirm.",
    ),
    "no_clock_runs": (
        "Hồ sơ hiện không tính hạn, hoặc đồng hồ đang dừng sẵn.",
        "No due date is running, or the clock stands still already.",
    ),
    "not_paused": ("Đồng hồ của hồ sơ này đang chạy.", "The clock of this dossier is running."),
    "nothing_to_extend": (
        "Hồ sơ hiện không tính hạn nên không có ngày để hẹn lại.",
        "No due date is running: there is none to move.",
    ),
    "extension_used": ("Hồ sơ này đã được hẹn lại một lần.", "The date has been moved once already."),
    "extension_not_later": ("Ngày hẹn mới phải sau {due}.", "The new date must lie after {due}."),
    "sent_otherwise": (
        "Trang này đã được gửi trước đó với nội dung khác; lần gửi đầu vẫn giữ nguyên. Hãy tải lại trang.",
        "This page was sent before with other contents; what was done then stands. Please reload the page.",
    ),
    "key_missing": ("Yêu cầu không hợp lệ: hãy tải lại trang rồi gửi lại.", "Not a valid request: reload the page and send it again."),
    "moved_on": (
        "Hồ sơ không còn chờ việc này: {who} đã xử lý lúc {at}.",
        "The dossier no longer waits for this: {who} dealt with it at {at}.",
    ),
    "not_waiting": ("Hồ sơ không còn chờ việc này.", "The dossier no longer waits for this."),
    "not_withdrawable": (
        "Không rút được: hồ sơ đã có kết quả hoặc đã kết thúc.",
        "It cannot be withdrawn: a result was issued or the dossier has ended.",
    ),
    "extension_under_way": (
        "Văn bản xin lỗi, hẹn lại của hồ sơ này đang được làm.",
        "An extension of this dossier is already under way.",
    ),
    "correction_under_way": (
        "Kết quả của hồ sơ này đang được xem xét sửa.",
        "A correction of this result is already under way.",
    ),
    "nothing_to_correct": (
        "Chỉ sửa được kết quả đã ban hành.",
        "Only a result that was issued can be corrected.",
    ),
    "application_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "intake_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "not_asked": ("Cơ quan của bạn không được hỏi về hồ sơ này.", "Your office was not asked."),
    "tracking_unknown": (
        "Không có hồ sơ nào khớp với mã và mã tra cứu này. Hãy xem lại trên giấy tiếp nhận.",
        "No dossier matches this code and secret. Please look at your receipt again.",
    ),
    "officer_unknown": ("Không có cán bộ này.", "No such officer."),
    "wrong_position": ("Bước này không chờ thao tác đó.", "This step does not wait for that."),
    "engine_refused": ("Quy trình không đi tiếp được.", "The diagram cannot go on."),
    "no_condition_true": (
        "Không nhánh nào của «{name}» phù hợp với kết quả đã nhập.",
        "No way out of «{name}» fits what was entered.",
    ),
    "condition_failed": (
        "Không tính được điều kiện tại «{name}».",
        "A condition at «{name}» gave no value.",
    ),
    "decision_failed": (
        "Bảng quyết định «{decision}» không cho kết quả: {reason}",
        "The decision «{decision}» gave no value: {reason}",
    ),
    "act_too_long": (
        "Quy trình chạy quá lâu tại «{name}» ({steps} bước trong một thao tác); thao tác đã bị hủy.",
        "The diagram ran too long at «{name}» ({steps} steps in one act); nothing was done.",
    ),
    "state_too_large": (
        "Dữ liệu định tuyến của hồ sơ quá lớn.",
        "The dossier's routing data is too large.",
    ),
    "state_unreadable": (
        "Không đọc được trạng thái lưu của hồ sơ này.",
        "What is stored of this dossier's state cannot be read.",
    ),
    "bad_answer": (
        "Giá trị vừa nhập không dùng được ở bước «{name}». Hãy xem lại và sửa.",
        "Something just entered cannot be used at «{name}»; please look at it again.",
    ),
    "bad_variable": ("Giá trị định tuyến tại «{name}» không hợp lệ.", "A routing value at «{name}» is not valid."),
    "diagram_refused": ("Sơ đồ quy trình bị từ chối.", "The diagram was refused."),
    "act_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "choice_missing": ("Việc này cần chọn một mục trong danh sách.", "This act needs a choice from the list."),
    "not_confirmed": ("Việc này không hoàn tác được: hãy đánh dấu xác nhận.", "This cannot be undone: tick to confirm."),
    "sentence_missing": ("Việc này cần ghi rõ nội dung.", "This act needs a sentence."),
    "text_too_long": ("Nội dung dài {long} ký tự, tối đa {most}. Hãy viết gọn lại.", "{long} characters; at most {most}. Please shorten it."),
    "request_too_long": (
        "Với «{what}», chỗ thiếu, lý do và cách hoàn thiện cộng lại dài {long} ký tự; quy trình đang áp dụng ghi chung cả ba, tối đa {most}. Hãy viết gọn lại.",
        "For «{what}», what is wrong, why and how to mend it have {long} characters together; the diagram in force keeps the three as one, at most {most}. Please shorten them.",
    ),
    "note_too_long": (
        "Ghi chú, lý do, cách hoàn thiện của giấy tờ «{component}» tối đa {most} ký tự.",
        "A note, reason or way to mend «{component}» has at most {most} characters.",
    ),
    "days_turned": ("Ngày bắt đầu phải trước hoặc bằng ngày kết thúc.", "The first day must not be after the last."),
    "sentence_too_long": ("Nội dung tối đa 4.000 ký tự.", "At most 4,000 characters."),
    "paper_not_asked": (
        "Có tệp gửi cho giấy tờ mà cơ quan không yêu cầu. Hãy tải lại trang.",
        "A file was sent for a paper that nobody asked for. Please reload the page.",
    ),
    "authority_unclear": (
        "Hãy ghi một thủ tục hoặc một lĩnh vực, cơ quan đang hoạt động, căn cứ và ngày hiệu lực.",
        "Name one procedure or one field, an office of today, the law, and from which day on.",
    ),
    "authority_names_nothing": (
        "Không có lĩnh vực hay nơi nào là «{what}». Hãy kiểm tra lại.",
        "There is no field or place «{what}». Please check it.",
    ),
    "place_name_shared": (
        "Có nhiều nơi tên «{typed}»: {places}. Hãy ghi thêm tỉnh sau dấu phẩy, hoặc ghi mã.",
        "Several places are called «{typed}»: {places}. Add the province behind a comma, or give the code.",
    ),
    "authority_overlap": (
        "Hai dòng thẩm quyền chồng nhau: «{one}» và «{other}».",
        "Two rows of authority overlap: “{one}” and “{other}”.",
    ),
    "authority_known": ("Hồ sơ này đã xác định được cơ quan giải quyết.", "Who decides this dossier is known already."),
    "authority_later": (
        "Hồ sơ đang chờ người nộp hoặc đã qua bước kiểm tra; xác định cơ quan giải quyết khi hồ sơ trở lại bước kiểm tra.",
        "The dossier waits for the applicant or is no longer being checked; say who decides when it is checked again.",
    ),
    "authority_open": (
        "Chưa rõ cơ quan nào giải quyết hồ sơ này. Lãnh đạo Trung tâm xác định ở trang «Xác định thẩm quyền» rồi mới tiếp nhận được.",
        "Nobody has said yet who decides this dossier. The head of the centre does, on the page of coordination; then it can be accepted.",
    ),
    "authority_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "office_change_malformed": (
        "Hãy chọn cơ quan và ghi ngày có hiệu lực.",
        "Choose the office, and say from which day on.",
    ),
    "office_batch_changed": (
        "Hồ sơ sẽ chuyển không còn như danh sách bạn đã xem. Danh sách dưới đây là hiện tại.",
        "Other dossiers would move than those that you reviewed. What is below is as of now.",
    ),
    "change_unclear": (
        "Hãy ghi rõ cơ quan nào, thành gì, theo nghị quyết hay quyết định nào.",
        "Say which office, what it becomes, and by which decision.",
    ),
    "change_day": ("Ngày có hiệu lực phải trong vòng một năm trước hoặc sau hôm nay.", "The day must lie within a year of today."),
    "offices_unlike": ("Chỉ cơ quan cùng loại mới nhập vào nhau.", "Only offices of one kind become one."),
    "office_changing": (
        "Một bản nháp khác đang nói về một trong các cơ quan này.",
        "Another draft is about one of these offices.",
    ),
    "centre_holds_none": (
        "Trung tâm phục vụ hành chính công không giữ ngành nào: hãy chọn cơ quan giải quyết.",
        "A service centre holds no branch: choose an office that decides.",
    ),
    "branch_held": (
        "{office} đang giữ ngành này ở cùng địa bàn. Hãy bỏ ngành ở đó trước.",
        "{office} holds this branch at the same place. Take it away there first.",
    ),
    "change_not_yet": ("Quyết định có hiệu lực từ ngày {day}; chưa thực hiện được.", "The decision holds from {day} on."),
    "handover_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "remark_unclear": (
        "Hồ sơ có ghi thiếu gì thì chọn «thiếu, hư hỏng» hoặc «không có».",
        "Where you wrote what is short, choose «something is short» or «not there».",
    ),
    "nothing_said": (
        "Chưa ghi hồ sơ nào. Chọn nhận đủ, thiếu hoặc không có.",
        "Nothing was said of any dossier. Choose received whole, short or not there.",
    ),
    "handover_changed": (
        "Có hồ sơ đã được bàn giao hoặc đã có kết quả sau khi trang được mở. Danh sách dưới đây là hiện tại.",
        "Some of these were handed over or decided after the page was drawn. What is below is as of now.",
    ),
    "handover_mixed": (
        "Một danh sách cần ít nhất một hồ sơ, và mọi hồ sơ đi từ một cơ quan đến một cơ quan.",
        "A list has at least one dossier, and all of them go from one office to one other.",
    ),
    "carrier_missing": ("Hãy ghi ai là người chuyển.", "Say who carries the papers."),
    "shortage_unsaid": ("Hồ sơ thiếu hoặc hư hỏng thì ghi rõ thiếu gì.", "Where something is short, say what."),
    "handover_answered": (
        "Hồ sơ này đã được xác nhận khác trước đó.",
        "Something else was said of this dossier before.",
    ),
    "draft_unknown": (
        "Không còn bản nào chờ bạn xác nhận.",
        "No draft waits for your answer any more.",
    ),
    "not_the_applicant": (
        "Số này không phải số của người yêu cầu ghi trong tờ khai.",
        "This is not the number that the applicant declared.",
    ),
    "position_gone": ("Hồ sơ đã qua bước này.", "The dossier has left this step."),
}
