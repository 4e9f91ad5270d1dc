"""What a person reads when a file, a paper, its number or its description is refused."""

from webapp.labels.words import Words

PAPERS: Words = {
    "components_missing": (
        "Chưa tiếp nhận được: còn thiếu {names}.",
        "Not accepted yet: missing {names}.",
    ),
    "component_unknown": (
        "Thủ tục này không có thành phần hồ sơ «{component}».",
        "This procedure has no component «{component}».",
    ),
    "verdict_unknown": (
        "Kết quả kiểm tra của «{component}» không hợp lệ.",
        "The verdict on «{component}» is not a known one.",
    ),
    "component_needed": (
        "«{component}» là giấy tờ bắt buộc, không thể ghi «Không cần».",
        "«{component}» is required; it cannot be called not needed.",
    ),
    "pattern_missing": (
        "Chưa có mẫu số, ký hiệu cho sổ “{register}”; quản trị hệ thống cần khai báo.",
        "No pattern says how numbers of the register “{register}” look; an administrator must enter one.",
    ),
    "pattern_broken": (
        "Mẫu số phải có {{number}} đúng một lần (hoặc {{number:04}} để có đủ bốn chữ số), có thể có {{year}}; ngoài ra không dùng dấu ngoặc nhọn.",
        "A pattern names {{number}} once (or {{number:04}} for four digits), may name {{year}}, and has no other braces.",
    ),
    "code_pattern_broken": (
        "Mẫu mã hồ sơ có {{office}}, một ngày ({{yymmdd}}, {{yyyymmdd}} hoặc {{ddmmyyyy}}), cuối cùng là {{number:04}}, cách nhau bằng dấu - hoặc dấu chấm, và phải nêu căn cứ.",
        "A code names {{office}}, one day ({{yymmdd}}, {{yyyymmdd}} or {{ddmmyyyy}}) and last {{number:04}}, with - or . between them, and the law that says so.",
    ),
    "pattern_malformed": (
        "Hãy ghi đủ tên sổ (như result hoặc result.1.013225), mẫu số và ngày áp dụng.",
        "Please give the register (as result or result.1.013225), the pattern and the day.",
    ),
    "pattern_there": (
        "Sổ này, từ ngày này đã có mẫu số “{pattern}”. Hãy chọn ngày khác.",
        "For this register and day there is a pattern already: “{pattern}”. Please choose another day.",
    ),
    "pattern_too_early": (
        "Mẫu số mới chỉ áp dụng từ hôm nay trở đi: số đã cấp giữ nguyên.",
        "A pattern begins today or later: numbers that were given stay as they are.",
    ),
    "number_taken": (
        "Số {number} đã cấp cho văn bản khác. Số tiếp theo là {next}.",
        "Number {number} was given to another document. The next is {next}.",
    ),
    "number_skipped": (
        "Số {number} bỏ cách số: số tiếp theo của sổ là {next}.",
        "Number {number} would leave a gap: the next of the register is {next}.",
    ),
    "template_missing": ("Chưa có mẫu giấy “{paper}”.", "There is no template for “{paper}”."),
    "part_missing": (
        "Mẫu giấy {paper} dùng phần “{part}” nhưng không có phần đó.",
        "The template {paper} uses a part “{part}” that is not there.",
    ),
    "register_too_long": (
        "Sổ có hơn {most} dòng. Hãy chọn khoảng ngày ngắn hơn.",
        "The register has more than {most} lines. Please choose fewer days.",
    ),
    "no_result_yet": ("Hồ sơ chưa có kết quả để trả.", "There is no result to hand over yet."),
    "paper_unknown": ("Không lập được loại giấy này.", "No such paper is made on demand."),
    "upload_empty": ("Tệp «{name}» rỗng.", "The file «{name}» is empty."),
    "upload_too_large": (
        "Tệp «{name}» lớn hơn {megabytes} MB.",
        "The file «{name}» is larger than {megabytes} MB.",
    ),
    "upload_not_as_named": (
        "Nội dung tệp «{name}» không đúng với tên hoặc không thuộc loại được nhận (PDF, ảnh, Word).",
        "The content of «{name}» is not what its name says, or of a kind we do not take.",
    ),
    "result_not_pdf": ("Kết quả điện tử phải là tệp PDF: «{name}» không phải.", "An electronic result is a PDF; «{name}» is not."),
    "result_ends_early": ("Ngày hết hiệu lực không thể trước hôm nay.", "It cannot end before today."),
    "result_unchosen": ("Thủ tục này có nhiều loại kết quả: hãy chọn loại đã cấp.", "This procedure has several results: choose which was issued."),
    "not_granted": (
        "Hồ sơ không được chấp thuận, và thủ tục không có loại kết quả nào cho trường hợp này: không lưu vào kho như giấy đã cấp.",
        "It was not granted, and the procedure has no result for that: nothing is stored as if it had been.",
    ),
    "held_already": (
        "Kho của chủ hồ sơ đã có «{paper}» số {number} cho «{component}»: hãy chọn giấy đó, hoặc ghi lý do vẫn yêu cầu nộp.",
        "The owner's warehouse holds «{paper}» no. {number} for «{component}»: choose it, or say why it is asked for.",
    ),
    "paper_not_held": (
        "Giấy được chọn cho «{component}» không có trong kho, không đúng loại hoặc hết hiệu lực. Hãy chọn lại.",
        "What was chosen for «{component}» is not held, of another type or out of force. Choose again.",
    ),
    "source_not_allowed": (
        "Thủ tục không cho lấy «{component}» từ nguồn này.",
        "The procedure does not let «{component}» come from there.",
    ),
    "look_unexplained": (
        "Hãy ghi số hồ sơ đang giải quyết của người này, hoặc lý do tra cứu.",
        "Name the dossier of this person that is in hand, or say why you look.",
    ),
    "not_in_force": ("Giấy này đã được thay thế hoặc thu hồi.", "This paper was replaced or revoked before."),
    "revocation_unexplained": ("Hãy ghi lý do thu hồi.", "Say why it is revoked."),
    "warehouse_malformed": ("Hãy chọn một tệp PDF; ngày ghi như 23/11/2026.", "Choose one PDF; days are written as 23/11/2026."),
    "validity_reversed": ("Ngày hết hiệu lực phải sau ngày có hiệu lực.", "It cannot end before it begins to hold."),
    "issued_later": ("Ngày cấp không thể ở tương lai.", "It cannot have been issued in the future."),
    "metadata_malformed": (
        "Có ô chưa ghi đúng: ngày ghi như 23/11/2026, năm sinh bốn chữ số.",
        "Something is not written as it should be: days as 23/11/2026, years with four digits.",
    ),
    "upload_elsewhere": (
        "Phần tệp gửi lên không nối tiếp phần đã nhận ({there} byte).",
        "This piece does not follow what came before ({there} bytes).",
    ),
    "upload_busy": ("Một phần khác của tệp đang được ghi.", "Another piece of the file is being written."),
    "upload_overflows": ("Tệp gửi lên dài hơn đã báo. Hãy chọn lại tệp.", "More came than was announced. Choose the file again."),
    "upload_malformed": ("Hãy chọn lại tệp: trang chưa báo đủ tên, cỡ tệp.", "Choose the file again: its name or size is missing."),
    "upload_unreadable": (
        "Không mở được tệp «{name}»: tệp bị hỏng hoặc chưa đủ. Hãy quét hoặc lưu lại rồi chọn tệp mới.",
        "«{name}» cannot be opened: it is broken or not whole. Scan or save it again and choose the new file.",
    ),
    "upload_locked": (
        "Tệp «{name}» có mật khẩu hoặc bị khóa. Hãy lưu một bản không khóa rồi chọn lại.",
        "«{name}» is encrypted. Save a copy without the lock and choose that.",
    ),
    "upload_blank": (
        "Tệp «{name}» chỉ có trang trắng. Hãy kiểm tra mặt giấy đặt vào máy quét rồi quét lại.",
        "«{name}» holds only blank pages. Look which side lies in the scanner, and scan again.",
    ),
    "upload_too_coarse": (
        "Tệp «{name}» chỉ khoảng {dpi} dpi (ít nhất {least}), chữ sẽ không đọc được. Hãy quét lại từ {wanted} dpi.",
        "«{name}» has about {dpi} dpi (at least {least}): nobody can read it. Scan again with {wanted} dpi or more.",
    ),
    "picture_too_small": (
        "Ảnh «{name}» quá nhỏ (cạnh dài {pixels} điểm ảnh, ít nhất {least}). Hãy chụp gần hơn hoặc gửi ảnh gốc.",
        "The picture «{name}» is too small ({pixels} dots, at least {least}). Come closer or send the original picture.",
    ),
    "sheet_gone": (
        "Bản quét «{name}» không còn trong thư mục máy quét hôm nay. Hãy quét lại.",
        "The scan «{name}» is not in today's folder any more. Scan it again.",
    ),
    "upload_expired": (
        "Tệp đã tải lên quá lâu và không còn được giữ. Hãy chọn lại tệp.",
        "The file was uploaded too long ago and is not kept any more. Choose it again.",
    ),
    "upload_forged": (
        "Có tệp không phải được tải lên từ trang này. Hãy chọn lại tệp.",
        "A file was named that was not uploaded here. Please choose it again.",
    ),
    "copy_not_sought": (
        "Không thủ tục nào tìm loại giấy tờ này trong kho: không cần lưu để dùng lại.",
        "No procedure looks for this kind of paper in the warehouse: there is no need to keep it.",
    ),
    "description_lacking": (
        "Hãy ghi đủ thông tin của giấy tờ, có số định danh của chủ sở hữu, rồi mới lưu vào kho.",
        "Enter all that is asked for of the paper, with its owner's number, before it is kept.",
    ),
    "owner_elsewhere": (
        "Chủ sở hữu của giấy tờ không phải là người của hồ sơ này.",
        "The owner of the paper is nobody whose dossier this is.",
    ),
    "not_compared": (
        "Chỉ lưu bản quét đã đối chiếu với bản chính: hãy xác nhận và ghi số của bản chính.",
        "Only a scan that was compared with its original is kept: say so, and enter the number of the original.",
    ),
    "copy_ended": ("Giấy tờ đã hết hiệu lực nên không lưu để dùng lại.", "The paper has run out: it is not kept for the next time."),
}
